import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { createRequire } from 'node:module'
import { Writable } from 'node:stream'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { startWorld, type World } from '../../../../test/harness.ts'
import { createLog } from '../../../platform/operation/log.ts'
import { encrypt, sign } from '../../../upstream/transport/message-crypto.ts'
import { addCorp, setCorp } from '../../corps/corps.ts'
import { callbackUrl, countEvents, eventXml, push } from './push.fixture.ts'

/**
 * The key pair that the document prints (docs/interface/address-book.md#contact-callback). It is public and never a default, but
 * it must work.
 */
const documented = {
  callbackToken: 'sunjeewisp666',
  encodingAesKey: 'jdtW3IfJ7DFFkNr8mYISGxmZtkUcPGsad65ej2m538z',
}

describe('the contact callback', () => {
  let world: World
  const lines: string[] = []
  beforeAll(async () => {
    const collect = new Writable({
      write(chunk, _encoding, done) {
        lines.push(String(chunk))
        done()
      },
    })
    world = await startWorld({ overrides: { log: createLog('info', collect) } })
    for (const corpId of ['wwother1', 'wwother2'])
      await addCorp(world.ctx, 'test', { corpId, name: corpId, contactSecret: 'none' })
  })
  afterAll(() => world.close())
  beforeEach(() => {
    lines.length = 0
  })

  const update = (fields = '<UserID>zhangsan</UserID>') => eventXml(world, 'update_user', fields)

  /** Expects that nothing was stored and that one log line says why without revealing secrets. */
  async function expectRefused(
    work: Promise<{ status: number; text: string }>,
    status: number,
    reason: RegExp,
  ) {
    const before = await countEvents(world)
    expect(await work).toMatchObject({ status, text: expect.stringMatching(reason) })
    expect(await countEvents(world)).toBe(before)
    expect(lines.join('')).toMatch(reason)
    const { token, encodingAesKey } = world.ctx.corps.get(world.corpId).callback
    for (const secret of [token, encodingAesKey, world.sandbox.contactSecret])
      expect(lines.join('')).not.toContain(secret)
  }

  it.each(['wwother1', 'wwother2'])('answers the verification of %s among several', async corpId => {
    const { token, encodingAesKey } = world.ctx.corps.get(corpId).callback
    const echo = encrypt(encodingAesKey, '1616140317555161061', corpId)
    const timestamp = String(Math.floor(Date.now() / 1000))
    const query = new URLSearchParams({
      msg_signature: sign(token, timestamp, '42', echo),
      timestamp,
      nonce: '42',
      echostr: echo,
    })
    const started = performance.now()
    const response = await fetch(`${callbackUrl(world)}?${query}`)
    expect(response.status).toBe(200)
    expect(await response.text()).toBe('1616140317555161061')
    expect(performance.now() - started).toBeLessThan(1000)
    query.set('msg_signature', sign('another', timestamp, '42', echo))
    expect((await fetch(`${callbackUrl(world)}?${query}`)).status).toBe(403)
  })

  it('refuses a verification for another receiveid', async () => {
    const { token, encodingAesKey } = world.ctx.corps.get('wwother1').callback
    const echo = encrypt(encodingAesKey, '1', 'wwother2')
    const timestamp = String(Math.floor(Date.now() / 1000))
    const query = { msg_signature: sign(token, timestamp, '1', echo), timestamp, nonce: '1', echostr: echo }
    expect((await fetch(`${callbackUrl(world)}?${new URLSearchParams(query)}`)).status).toBe(403)
  })

  it('stores a push before it answers 200 with nothing', async () => {
    const before = await countEvents(world)
    expect(await push(world, update())).toEqual({ status: 200, text: '' })
    expect(await countEvents(world)).toBe(before + 1)
  })

  it.each(['application/xml', 'application/json', 'text/plain; charset=gbk', ''])(
    'reads a push that says it is %j',
    async contentType => {
      expect(await push(world, update(`<UserID>u${randomInt(1e9)}</UserID>`), { contentType })).toMatchObject(
        {
          status: 200,
        },
      )
    },
  )

  it('takes the repeat of a delivery without storing it again, and an equal payload of another delivery as news', async () => {
    const plain = update('<UserID>repeat</UserID>')
    await push(world, plain, { nonce: '777001' })
    const before = await countEvents(world)
    expect(await push(world, plain, { nonce: '777001' })).toEqual({ status: 200, text: '' })
    expect(await countEvents(world)).toBe(before)
    expect(await push(world, plain, { nonce: '777002' })).toEqual({ status: 200, text: '' })
    expect(await countEvents(world)).toBe(before + 1)
  })

  it('takes a burst of the same delivery once', async () => {
    const plain = update('<UserID>burst</UserID>')
    const before = await countEvents(world)
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => push(world, plain, { nonce: '777100' })),
    )
    expect(answers.every(one => one.status === 200)).toBe(true)
    expect(await countEvents(world)).toBe(before + 1)
  })

  it('refuses a nonce for another payload, also at once', async () => {
    await push(world, update('<UserID>nonce1</UserID>'), { nonce: '888001' })
    await expectRefused(push(world, update('<UserID>nonce2</UserID>'), { nonce: '888001' }), 409, /nonce/)
    const before = await countEvents(world)
    const answers = await Promise.all(
      [1, 2, 3].map(n => push(world, update(`<UserID>race${n}</UserID>`), { nonce: '888002' })),
    )
    expect(answers.map(one => one.status).sort()).toEqual([200, 409, 409])
    expect(await countEvents(world)).toBe(before + 1)
  })

  it('refuses what is not signed, not fresh or not for this corp', async () => {
    await expectRefused(push(world, update(), { token: 'wrong' }), 403, /msg_signature is wrong/)
    await expectRefused(push(world, update(), { signature: 'x' }), 403, /msg_signature is wrong/)
    const now = Math.floor(Date.now() / 1000)
    await expectRefused(push(world, update(), { timestamp: String(now - 301) }), 403, /timestamp/)
    await expectRefused(push(world, update(), { timestamp: String(now + 302) }), 403, /timestamp/)
    await expectRefused(push(world, update(), { timestamp: 'yesterday' }), 403, /timestamp/)
    await expectRefused(push(world, update(), { receiveId: 'wwother1' }), 403, /receiveid/)
    await expectRefused(push(world, update(), { toUserName: 'wwnobody' }), 404, /ToUserName/)
    await expectRefused(push(world, update(), { encodingAesKey: 'A'.repeat(43) }), 400, /Encrypt/)
    await expectRefused(push(world, update(), { nonce: 'n\0' }), 400, /nonce/)
    const foreign = update().replaceAll(world.corpId, 'wwother1')
    await expectRefused(push(world, foreign), 400, /another corp/)
    expect(await push(world, update(), { timestamp: String(now - 290) })).toMatchObject({ status: 200 })
  })

  it('refuses what is not XML as WeCom writes it', async () => {
    await expectRefused(push(world, update(), { body: '' }), 400, /empty/)
    for (const body of ['<xml><ToUserName>', '{"a":1}', '<xml><Encrypt>x</Encrypt></xml>'])
      await expectRefused(push(world, update(), { body }), 400, /body: ToUserName or Encrypt is missing/)
    await expectRefused(
      push(world, update(), { body: Buffer.from('<xml><ToUserName>\xff\xfe</ToUserName></xml>', 'latin1') }),
      400,
      /UTF-8/,
    )
    await expectRefused(push(world, '<xml><ToUserName>'), 400, /malformed/)
    await expectRefused(push(world, 'hello'), 400, /event/)
    await expectRefused(push(world, update('<UserID>a\0b</UserID>')), 400, /NUL/)
    await expectRefused(push(world, update('<Id>twelve</Id>')), 400, /Id/)
  })

  it('refuses a signed Encrypt with anything but XML around it', async () => {
    const fields = (encrypted: string) =>
      `<ToUserName>${world.corpId}</ToUserName><Encrypt>${encrypted}</Encrypt>`
    const refused = (body: (encrypted: string) => string, reason: RegExp) =>
      expectRefused(push(world, update(), { body }), 400, reason)
    await refused(encrypted => fields(encrypted), /malformed/)
    await refused(encrypted => `<xml>${fields(encrypted)}`, /malformed/)
    await refused(encrypted => `<!DOCTYPE x><xml>${fields(encrypted)}</xml>`, /DOCTYPE/)
    await refused(encrypted => `<xml>${fields(encrypted)}<Encrypt>A</Encrypt></xml>`, /Encrypt is missing/)
    const apart = (encrypted: string) => `<?xml version="1.0"?>\n<xml>\n${fields(encrypted)}\n</xml>\n`
    expect(await push(world, update(), { body: apart })).toMatchObject({ status: 200 })
  })

  it('refuses entity tricks, outside and inside', async () => {
    const entities = Array.from(
      { length: 9 },
      (_, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`,
    ).join('')
    const doctype = `<?xml version="1.0"?><!DOCTYPE xml [<!ENTITY l0 "ha">${entities}]>`
    const laughs = `${doctype}<xml><ToUserName>&l9;</ToUserName><Encrypt>x</Encrypt></xml>`
    await expectRefused(push(world, update(), { body: laughs }), 404, /ToUserName/)
    await expectRefused(push(world, laughs), 400, /DOCTYPE/)
    const file = '<!DOCTYPE xml SYSTEM "file:///etc/passwd"><xml><ToUserName>x</ToUserName></xml>'
    await expectRefused(push(world, file), 400, /DOCTYPE/)
  })

  /**
   * Expects that the server did not read to the end. It closes the connection under a client that still writes, which
   * then may not see the answer.
   */
  async function expectCutOff(work: Promise<{ status: number }>) {
    const before = await countEvents(world)
    expect([413, 'cut off']).toContain(
      await work.then(
        answer => answer.status,
        () => 'cut off',
      ),
    )
    await expect
      .poll(() => lines.join(''))
      .toContain('the body is over 262144 bytes and was not handled: send less, or in several calls')
    expect(await countEvents(world)).toBe(before)
  }

  /** Begins a push that never ends; resolves with the status that it gets all the same. */
  async function beginPush(headers: Record<string, string>, bytes: number): Promise<number | undefined> {
    const timestamp = String(Math.floor(Date.now() / 1000))
    const query = new URLSearchParams({ msg_signature: 'x', timestamp, nonce: '1' })
    const request = httpRequest(`${callbackUrl(world)}?${query}`, { method: 'POST', headers })
    request.flushHeaders()
    if (bytes > 0) request.write(Buffer.alloc(bytes, 'x'))
    const [response] = (await once(request, 'response')) as [IncomingMessage]
    request.destroy()
    return response.statusCode
  }

  it('refuses more than its limit, by the stated length and while it reads', async () => {
    const limit = 256 * 1024
    expect(await beginPush({ 'content-length': String(limit + 1) }, 0)).toBe(413)
    expect(await beginPush({ 'transfer-encoding': 'chunked' }, limit + 1)).toBe(413)
    await expectCutOff(push(world, update(), { body: 'x'.repeat(3_000_000) }))
    // 150 kB of text become 200 kB when encrypted, which is within the limit.
    const long = update(`<UserID>long</UserID><Name>${'长'.repeat(50_000)}</Name>`)
    expect(await push(world, long)).toMatchObject({ status: 200 })
  })

  it('parses nothing that is not signed, however much it is', async () => {
    // The events of earlier tests are parsed again where they are applied.
    await world.settle()
    const { XMLParser } = createRequire(import.meta.url)(
      'fast-xml-parser',
    ) as typeof import('fast-xml-parser')
    const parse = vi.spyOn(XMLParser.prototype, 'parse')
    try {
      const megabyte = '<a/>'.repeat(250_000)
      await expectCutOff(push(world, update(), { body: megabyte }))
      const most = `<xml>${'<a/>'.repeat(60_000)}</xml>`
      await expectRefused(push(world, update(), { body: most }), 400, /missing/)
      const to = `<ToUserName>${world.corpId}</ToUserName>`
      const wrapped = (encrypted: string) => most.replace('<a/>', `${to}<Encrypt>${encrypted}</Encrypt>`)
      await expectRefused(push(world, update(), { body: wrapped, signature: 'x' }), 403, /msg_signature/)
      await expectRefused(push(world, update(), { body: wrapped, timestamp: '1' }), 403, /timestamp/)
      for (const nonce of ['', 'n'.repeat(129), '\u7b7e'])
        await expectRefused(push(world, update(), { body: wrapped, nonce }), 400, /nonce/)
      expect(parse).not.toHaveBeenCalled()
      expect(await push(world, update())).toMatchObject({ status: 200 })
      expect(parse).toHaveBeenCalled()
    } finally {
      parse.mockRestore()
    }
  })

  it('never says 200 of what it could not store: WeCom must try again', async () => {
    const before = await countEvents(world)
    // Hiding the table makes the database fail as it would in an outage.
    await sql`alter table inbox_event rename to inbox_event_away`.execute(world.ctx.db)
    const answer = await push(world, update('<UserID>unstored</UserID>'), { nonce: '999001' })
    await sql`alter table inbox_event_away rename to inbox_event`.execute(world.ctx.db)
    expect(answer).toEqual({ status: 500, text: 'internal error' })
    expect(lines.join('')).toContain('push not taken')
    expect(await countEvents(world)).toBe(before)
    expect(await push(world, update('<UserID>unstored</UserID>'), { nonce: '999001' })).toMatchObject({
      status: 200,
    })
    expect(await countEvents(world)).toBe(before + 1)
  })

  it('keeps and shows a type that it does not know', async () => {
    expect(await push(world, eventXml(world, 'grow_wings', '<UserID>zhangsan</UserID>'))).toMatchObject({
      status: 200,
    })
    const batch = `<xml><ToUserName>${world.corpId}</ToUserName><CreateTime>1</CreateTime><Event>batch_job_result</Event><BatchJob><JobId>1</JobId></BatchJob></xml>`
    expect(await push(world, batch)).toMatchObject({ status: 200 })
    await world.settle()
    const rows = await world.ctx.db
      .selectFrom('inbox_event')
      .select(['kind', 'entity', 'state', 'plain', 'raw'])
      .where('entity', '=', 'other')
      .orderBy('id')
      .execute()
    expect(rows).toMatchObject([
      {
        kind: 'grow_wings',
        state: 'done',
        plain: expect.stringContaining('grow_wings'),
        raw: expect.any(String),
      },
      { kind: 'batch_job_result', state: 'done', plain: batch },
    ])
  })

  it('works with the Token and EncodingAESKey of the interface document when they are configured', async () => {
    const fresh = world.ctx.corps.get('wwother1').callback
    expect([fresh.token, fresh.encodingAesKey]).not.toEqual(Object.values(documented))
    await setCorp(world.ctx, 'test', world.corpId, documented)
    await world.connectCallback()
    await world.admin('user/update', { userid: 'zhangsan', alias: '按文档' })
    await world.settle()
    const { body } = await world.dev.get('/api/user/get', { userId: 'zhangsan' })
    expect(body.alias).toBe('按文档')
  })

  it('makes 2,000 pushes of 32 clients durable, many in one commit', async () => {
    const before = await countEvents(world)
    const all = Array.from({ length: 2000 }, (_, n) =>
      eventXml(world, 'grow_wings', `<UserID>load${n}</UserID>`),
    )
    const slowest: number[] = []
    const client = async () => {
      for (let plain = all.pop(); plain; plain = all.pop()) {
        const started = performance.now()
        expect((await push(world, plain, { nonce: `load${all.length}` })).status).toBe(200)
        slowest.push(performance.now() - started)
      }
    }
    await Promise.all(Array.from({ length: 32 }, client))
    const rows = await world.ctx.db
      .selectFrom('inbox_event')
      .select(select => [
        select.fn.countAll<number>().as('n'),
        select.fn.count<number>('received_at').distinct().as('moments'),
      ])
      .where('dedupe_key', 'like', 'load%')
      .executeTakeFirstOrThrow()
    expect(await countEvents(world)).toBe(before + 2000)
    expect(Number(rows.n)).toBe(2000)
    // A batch is one transaction, and all its rows share one received_at.
    expect(Number(rows.moments)).toBeLessThan(1000)
    slowest.sort((a, b) => a - b)
    console.log(
      `${rows.moments} commits, p50 ${slowest[1000]?.toFixed(1)} ms, p99 ${slowest[1980]?.toFixed(1)} ms`,
    )
  })
})
