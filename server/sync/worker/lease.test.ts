import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { databases, startWorld, type World } from '../../../test/harness.ts'
import { waitForLock } from '../../../test/locks.ts'
import * as runs from '../runs/run-store.ts'
import { holdLease, type Lease, LeaseLost, takeLease } from './lease.ts'

describe.each(databases)('the lease on %s', database => {
  const corpId = 'wwlease'
  let world: World
  beforeAll(async () => {
    world = await startWorld({ database, synced: false })
    // Behind the server's back: nobody but this test may want the lease.
    await sql`
      insert into corp (corp_id, name, contact_secret, callback_token, callback_aes_key, created_at)
      values (${corpId}, '', '', '', '', now())`.execute(world.ctx.db)
  })
  afterAll(() => world.close())

  const before = ({ epoch }: Lease): Lease => ({ corpId, epoch: epoch - 1 })
  const take = async () => (await takeLease(world.ctx, corpId)) as Lease
  const newRun = () =>
    runs.requestRun(world.ctx.db, { corpId, kind: 'full', requestedBy: 'test' }, new Date())
  const note = (lease: Lease, run: number, page: string) =>
    world.ctx.db.transaction().execute(tx => {
      const pages = [{ page, userKeys: ['zhang', 'li'] }]
      return runs.noteProgress(tx, lease, run, { phase: { zh: '成员', en: 'members' } }, pages, new Date())
    })

  it('lets nobody write who lost it', async () => {
    const lost = before(await take())
    await expect(world.ctx.db.transaction().execute(tx => holdLease(tx, lost))).rejects.toThrow(LeaseLost)
  })

  it('notes pages once, and none for who lost it', async () => {
    const run = await newRun()
    const lease = await take()
    await note(lease, run, '1')
    await note(lease, run, '1')
    await expect(note(before(lease), run, '2')).rejects.toThrow(LeaseLost)
    expect(await runs.readPages(world.ctx.db, run)).toEqual([{ page: '1', userKeys: ['zhang', 'li'] }])
  })

  // One connection serves the embedded database: there nobody can even try.
  if (database === 'postgres')
    it('cannot be taken from who is writing with it', async () => {
      const lease = await take()
      const order: string[] = []
      let taking: Promise<unknown> = Promise.resolve()
      await world.ctx.db.transaction().execute(async tx => {
        await holdLease(tx, lease)
        taking = take().then(() => order.push('taken'))
        await waitForLock(world.ctx.db)
        order.push('written')
      })
      await taking
      expect(order).toEqual(['written', 'taken'])
    })
})
