/**
 * Products by Defender's names that are operating systems, e.g. `windows_10`, `windows_11`, `windows_server_2022`. Their updates are
 * cumulative: each contains the one before. https://learn.microsoft.com/windows/deployment/update/release-cycle
 */
const OPERATING_SYSTEMS = [/^windows_/]

/** Products whose updates are cumulative. Of no others is it known: an Office update beside another may be another program's. */
const CUMULATIVE = [...OPERATING_SYSTEMS]

/** Whether each update of a product contains the one before. */
export const isCumulative = (product: string): boolean => CUMULATIVE.some((name) => name.test(product.toLowerCase()))

/** Whether a product is an operating system: another one takes its updates away. */
export const isOfOperatingSystem = (product: string): boolean => OPERATING_SYSTEMS.some((name) => name.test(product.toLowerCase()))
