import { describe, expect, it } from 'vitest'
import { startWorld } from '../../../test/harness.ts'
import { putAgent } from '../../organisation/corps/corps.ts'
import { startServer } from '../../server.ts'
import { readConfig } from '../config.ts'
import { createLog } from '../operation/log.ts'

const [first, second, third] = [1, 2, 3].map(n => `key number ${n}, of 32 characters and more`)

describe('WISP_SECRET_KEY', () => {
  it('is the one of the database, or is rotated from it', async () => {
    const env = { WISP_SECRET_KEY: first as string }
    const world = await startWorld({ members: 5, departments: 2, tags: 1, env })
    const agent = { agentId: 1000002, name: '消息', secret: 'an agent secret', uses: ['messages'] }
    await putAgent(world.ctx, 'test', world.corpId, agent)
    const start = (keys: Record<string, string>) =>
      startServer(readConfig({ ...world.env, ...keys }), { log: createLog('silent') })
    const token = await world.dev.token()
    await world.server.close()

    await expect(start({ WISP_SECRET_KEY: second as string })).rejects.toThrow(
      /WISP_SECRET_KEY is not the key of this database .* WISP_SECRET_KEY_OLD/,
    )
    await expect(
      start({ WISP_SECRET_KEY: third as string, WISP_SECRET_KEY_OLD: second as string }),
    ).rejects.toThrow('WISP_SECRET_KEY is not the key')

    const rotating = await start({ WISP_SECRET_KEY: second as string, WISP_SECRET_KEY_OLD: first as string })
    const secrets = await rotating.ctx.db.selectFrom('corp').select('contact_secret').execute()
    const agents = await rotating.ctx.db.selectFrom('agent').select('secret').execute()
    for (const sealed of [secrets[0]?.contact_secret, agents[0]?.secret])
      expect(sealed?.split('.')[1]).toBe(rotating.ctx.seal.fingerprint)
    // Tokens signed with the old key stay valid while it is configured.
    const ask = async (url: string) =>
      ((await (await fetch(`${url}/api/org/tagList?devToken=${token}`)).json()) as { retCode: string })
        .retCode
    expect(await ask(rotating.url)).toBe('0')
    await rotating.close()

    await expect(start({ WISP_SECRET_KEY: first as string })).rejects.toThrow(
      'WISP_SECRET_KEY is not the key',
    )
    const rotated = await start({ WISP_SECRET_KEY: second as string })
    expect(rotated.ctx.corps.get(world.corpId).agents).toHaveLength(1)
    expect(await ask(rotated.url)).toBe('1004')
    await rotated.close()
    await world.close()
  })
})
