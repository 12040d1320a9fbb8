import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type KbFacts, NEW_CATALOGUE, UNREAD_DOCUMENT } from '../../src/domain/index.ts'
import { openStore } from '../../src/store/index.ts'
import { STORE_OPTIONS } from '../support/stores.ts'
import { freshName, openClient, type RunningService, TABLE_SERVICES } from '../support/table-services.ts'

const facts = (kbId: string, parts: Partial<KbFacts> = {}): KbFacts => ({
  kbId,
  released: { day: '2026-04-14', rule: 'document', cvesAgreeing: 3 },
  cves: 4,
  document: { id: '2026-Apr', revisedAt: '2026-04-30T07:00:00.000Z' },
  products: [
    {
      ...{ productId: '12390', name: 'Windows 11 Version 24H2 for x64-based Systems', severity: 'Critical', cvss: 9.8 },
      ...{ fixedBuild: '10.0.26100.8037', updateClass: 'cumulative', supersededBy: { kbIds: ['5089549'], rule: 'fixedBuild' } },
    },
    { ...{ productId: '1', name: '', severity: null, cvss: null, fixedBuild: null, updateClass: 'hotpatch', supersededBy: null } },
  ],
  exploited: [{ cve: 'CVE-2026-1', msrcSince: null, kev: { dateAdded: '2026-04-14', dueDate: '2025-10-14', ransomware: true } }],
  ...parts,
})

describe.each(TABLE_SERVICES)('the catalogue in $name', ({ start }) => {
  let service: RunningService
  beforeAll(async () => {
    service = await start()
  })
  afterAll(() => service.close())

  function open() {
    const prefix = freshName('c').slice(0, 20)
    const client = (name: string) => openClient(service.connectionString, `${prefix}${name}`, STORE_OPTIONS)
    const damaged: string[] = []
    return { ...openStore(client, '', { onDamage: ({ properties }) => void damaged.push(...properties) }), client, damaged }
  }

  it('is empty where nothing was ever read', async () => {
    const { catalogue } = open()
    expect((await catalogue.getMany(['5083769'])).size).toBe(0)
    expect(await catalogue.state()).toEqual({ state: NEW_CATALOGUE })
    expect([(await catalogue.documents()).size, await catalogue.text('2026-Apr')]).toEqual([0, undefined])
  })

  it('gives back what was put in, by whatever spelling a KB is asked for', async () => {
    const { catalogue } = open()
    const all = Array.from({ length: 230 }, (_, index) => facts(String(5_000_000 + index)))
    expect(await catalogue.putAll(all)).toBe(230)
    expect(await catalogue.getMany(['KB5000007', '5000007', 'kb 5000229', 'nonsense', '4999999'])).toEqual(
      new Map([
        ['KB5000007', all[7]],
        ['5000007', all[7]],
        ['kb 5000229', all[229]],
      ]),
    )
    const many = all.slice(100).map(({ kbId }) => kbId)
    expect([...(await catalogue.getMany([...many, '1', '999999'])).keys()].sort()).toEqual(many)
  })

  it('writes only what is other than it was, and forgets what is no more', async () => {
    const { catalogue } = open()
    await catalogue.putAll([facts('5000001'), facts('5000002'), facts('5000003')])
    expect(await catalogue.putAll([facts('5000001'), facts('5000002', { cves: 5 }), facts('5000004')])).toBe(2)
    expect(
      [...(await catalogue.getMany(['5000001', '5000002', '5000003', '5000004'])).values()].map(({ kbId, cves }) => [kbId, cves]),
    ).toEqual([
      ...[
        ['5000001', 4],
        ['5000002', 5],
        ['5000004', 4],
      ],
    ])
  })

  it('writes the state with what was read, unless somebody else wrote it', async () => {
    const { catalogue } = open()
    const document = { documentId: '2017-May-B', ...UNREAD_DOCUMENT, revision: '2017-05-08T07:00:00.000Z', kbs: 3 }
    const text = 'ä'.repeat(200_000)
    const state = { ...NEW_CATALOGUE, months: ['202604', '201705'], dueAt: '2026-04-16T04:00:00.000Z', isUnfolded: true }
    const etag = await catalogue.commit(state, undefined, {
      documents: [document],
      texts: [
        { name: '2017-May-B', text },
        { name: 'kev', text: '[]' },
      ],
    })
    expect(await catalogue.state()).toEqual({ state, etag })
    expect(await catalogue.documents()).toEqual(new Map([['2017-May-B', document]]))
    expect(await catalogue.text('2017-May-B')).toBe(text)
    const texts = []
    for await (const one of catalogue.texts()) texts.push([one.name, one.text.length])
    expect(texts).toEqual([
      ['2017-May-B', 200_000],
      ['kev', 2],
    ])
    expect(await catalogue.commit(NEW_CATALOGUE, undefined, { texts: [{ name: 'kev', text: 'other' }] })).toBeUndefined()
    const next = await catalogue.commit(NEW_CATALOGUE, etag, {})
    expect(await catalogue.commit(state, etag, { texts: [{ name: 'kev', text: 'other' }] })).toBeUndefined()
    expect([await catalogue.state(), await catalogue.text('kev')]).toEqual([{ state: NEW_CATALOGUE, etag: next }, '[]'])
  })

  it('reads what somebody else overwrote as nothing, and goes on', async () => {
    const { catalogue, client, damaged } = open()
    await catalogue.putAll([facts('5000001'), facts('5000002')])
    await catalogue.commit(NEW_CATALOGUE, undefined, {})
    const table = client('catalogue')
    await table.upsertEntity({ partitionKey: 'kb', rowKey: '5000001', pending0: '{"products":7}' }, 'Replace')
    await table.upsertEntity({ partitionKey: 'source', rowKey: 'state', dueAt: 'tomorrow', months: 'x', documentsOfDay: 3 }, 'Replace')
    expect([...(await catalogue.getMany(['5000001', '5000002'])).keys()]).toEqual(['5000002'])
    expect((await catalogue.state()).state).toEqual({ ...NEW_CATALOGUE, documentsOfDay: 3 })
    expect(damaged).toEqual(['months: string'])
  })
})
