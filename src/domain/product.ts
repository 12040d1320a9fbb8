/**
 * Products by Defender's names whose updates are cumulative: each contains the one before. They are those of the operating systems, e.g.
 * `windows_10`, `windows_11`, `windows_server_2022`. https://learn.microsoft.com/windows/deployment/update/release-cycle
 */
const CUMULATIVE = [/^windows_/]

export const isCumulative = (product: string): boolean => CUMULATIVE.some((name) => name.test(product.toLowerCase()))

/** Whether a product is an operating system: another one takes its updates away. */
export const isOfOperatingSystem = isCumulative
