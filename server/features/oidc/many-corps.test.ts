import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWorld, type World } from '../../../test/harness.ts'
import { soak } from '../../../test/soak.ts'
import { runCommand } from '../../cli/in-process.fixture.ts'
import { addClient, type TestClient } from './client.fixture.ts'

const corps = soak(600, 5000)
const heapMiB = 150

let world: World
let app: TestClient
beforeAll(async () => {
  world = await startWorld({ members: 20, departments: 4 })
  app = await addClient(world, '图书馆', { oidc: { redirectUris: ['https://lib.example.com/callback'] } })
})
afterAll(() => world.close())

describe('the commands', () => {
  it('list the keys, and take one step of a rotation', async () => {
    const run = (...words: string[]) => runCommand(world.ctx, ['oidc', 'keys', ...words])
    const listed = await run('list')
    expect(listed.data).toMatchObject([
      { alg: 'RS256', state: 'current' },
      { alg: 'ES256', state: 'current' },
    ])
    expect(JSON.stringify(listed)).not.toContain('"d"')
    expect((await run('rotate')).data).toEqual({ step: 'published' })
    expect((await run('rotate')).data).toEqual({ step: 'waits' })
    expect((await run('rotate', '--now')).data).toEqual({ step: 'signs' })
    expect((await run('rotate', '--now')).data).toEqual({ step: 'withdrawn' })
    const acts = await world.ctx.db
      .selectFrom('audit')
      .select('target')
      .where('act', '=', 'oidc.keys.turn')
      .execute()
    expect(acts.map(one => one.target)).toEqual(['published', 'signs', 'withdrawn'])
  })
})

describe('thousands of corps that signed somebody in once', () => {
  it('take no more memory than a few hundred', async () => {
    await copyCorps()
    const ask = (n: number) => fetch(`${world.server.url}/oidc/${corpId(n)}/jwks`)
    expect(await (await ask(1)).json()).toMatchObject({ keys: [{ alg: 'RS256' }, { alg: 'ES256' }] })
    const before = heapUsed()
    for (let n = 1; n <= corps; n++) expect((await ask(n)).status).toBe(200)
    expect((heapUsed() - before) / 2 ** 20).toBeLessThan(heapMiB)
  })

  const corpId = (n: number) => `wwcopy${n}`

  /** Their keys are copies, because making one takes part of a second. */
  async function copyCorps(): Promise<void> {
    const { db } = world.ctx
    const numbers = sql`generate_series(1, ${corps}::int) as copies (n)`
    const id = sql`'wwcopy' || n`
    const mine = sql`corp_id = ${world.corpId}`
    await sql`insert into corp (corp_id, name, contact_secret, callback_token, callback_aes_key, created_at)
      select ${id}, 'copy', contact_secret, callback_token, callback_aes_key, now() from corp, ${numbers} where ${mine}`.execute(
      db,
    )
    await sql`insert into corp_sign_in (corp_id, issuer)
      select ${id}, ${`${world.ctx.publicUrl()}/oidc/`} || ${id} from ${numbers}`.execute(db)
    await sql`insert into oidc_key (corp_id, kid, alg, state, jwk, created_at, state_at)
      select ${id}, kid, alg, state, jwk, created_at, state_at from oidc_key, ${numbers} where ${mine}`.execute(
      db,
    )
    await world.ctx.appSignIns.reload()
    expect(app.issuer).toBe(world.ctx.appSignIns.addressesOf(world.corpId).issuer)
  }
})

/** What is still in use, after a collection. */
function heapUsed(): number {
  setFlagsFromString('--expose-gc')
  const gc = runInNewContext('gc') as () => void
  gc()
  return process.memoryUsage().heapUsed
}
