import { z } from 'zod'

/** How the exports of a tenant are made; small unless told, for demo and tests. */
export const exportOptions = z.strictObject({
  /**
   * About so many rows a machine; a KB that is lacked has one at least, so it may be more. A tenant that published them has 450:
   * https://github.com/rknightion/graph2otel
   */
  rowsPerMachine: z.number().int().min(1).default(12),
  /** Files of each RBAC group. */
  filesPerGroup: z.number().int().min(1).default(2),
  /** Whether the rows of a machine lie about in all files of its group, or stand together in one. */
  scattered: z.boolean().default(false),
  /** A row without a CVE for software that has no weakness, as in the sample of 2020, so that every machine that is judged has a row. */
  nullCveRows: z.boolean().default(false),
  /** Whether a file has a gzip member for every few rows, or is one. */
  manyMembers: z.boolean().default(false),
})

export type ExportOptions = z.output<typeof exportOptions>
export type GivenExportOptions = z.input<typeof exportOptions>
