import { z } from 'zod'

/**
 * What is read of MSRC's documents, https://api.msrc.microsoft.com/cvrf/v3.0/swagger/index; of all else nothing is asked. Numbers of
 * types are those of the JSON form.
 */
const valueOf = z.object({ Value: z.string().nullish() }).nullish()
const productIds = z.array(z.string()).nullish()

/** `RemediationType` */
export const VENDOR_FIX = 2
/** `ThreatType` */
export const EXPLOIT_STATUS = 1
export const SEVERITY = 3

export const remediations = z
  .array(
    z.object({
      Type: z.number(),
      Description: valueOf,
      SubType: z.string().nullish(),
      FixedBuild: z.string().nullish(),
      Supercedence: z.string().nullish(),
      ProductID: productIds,
    }),
  )
  .nullish()

export const threats = z.array(z.object({ Type: z.number(), Description: valueOf, ProductID: productIds })).nullish()

export const scoreSets = z.array(z.object({ BaseScore: z.number().min(0).max(10).nullish(), ProductID: productIds })).nullish()

export const revisions = z.array(z.object({ Date: z.string().nullish() })).nullish()

export const cve = z.string().regex(/^[A-Z]{3,8}-?[\w-]{1,40}$/)

export const fullProduct = z.object({ ProductID: z.string(), Value: z.string() })

export const tracking = z.object({
  Identification: z.object({ ID: z.object({ Value: z.string() }) }),
  InitialReleaseDate: z.string(),
  CurrentReleaseDate: z.string(),
})

/** An entry of the list of documents. */
export const update = z.object({
  ID: z.string().regex(/^20\d\d-[A-Z][a-z]{2}(?:-[A-Z])?$/),
  InitialReleaseDate: z.string(),
  CurrentReleaseDate: z.string(),
})

/** An entry of CISA's catalogue. Fields have come and gone: nothing else is asked. */
export const kevEntry = z.object({
  cveID: z.string().regex(/^CVE-\d{4}-\d{4,10}$/),
  dateAdded: z.iso.date(),
  dueDate: z.iso.date(),
  knownRansomwareCampaignUse: z.string().nullish(),
})
