import { tenantIdOf } from '../simulator/index.ts'
import type { SimulatedTenantOptions } from '../simulator/simulated-tenants.ts'

/** A simulated customer, and what is the matter with it. */
export interface Customer extends SimulatedTenantOptions {
  name: string
}

/** Microsoft's own, of its documentation. https://learn.microsoft.com/style-guide/developer-content/fictitious-names */
const NAMES = [
  'Contoso',
  'Fabrikam',
  'Northwind Traders',
  'Tailspin Toys',
  'Adventure Works',
  'Litware',
  'Proseware',
  'Fourth Coffee',
  'Wingtip Toys',
  'VanArsdel',
  "Margie's Travel",
  'Graphic Design Institute',
]

/** Machines of customers, one after the other: a large one, and ever smaller ones. */
const SIZES = [160, 70, 48, 12, 36, 24, 30, 20, 16, 12, 8, 5]

const REFUSING = 3
const THROTTLING = 6

/** So many customers of several sizes, one of whom never consented, and one whose Defender is out of breath. */
export function customersOf(count: number): Customer[] {
  return Array.from({ length: count }, (_, index) => ({
    tenantId: tenantIdOf(index + 1),
    name: NAMES[index] ?? `Customer ${index + 1}`,
    machines: SIZES[index % SIZES.length] ?? 1,
    ...(index === REFUSING && { consent: 'notConsented' as const }),
    ...(index === THROTTLING && { faults: { throttled: { rate: 0.15, retryAfterSeconds: 90 } } }),
  }))
}
