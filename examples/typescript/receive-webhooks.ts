// WEBHOOK_SECRET=whsec_… node receive-webhooks.ts 8000
import { createHmac, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { buffer } from 'node:stream/consumers'

const { WEBHOOK_SECRET = '' } = process.env
const key = Buffer.from(WEBHOOK_SECRET.replace(/^whsec_/, ''), 'base64')

/** Standard Webhooks：https://www.standardwebhooks.com */
function isGenuine(headers: IncomingHttpHeaders, body: Buffer): boolean {
  const timestamp = headers['webhook-timestamp']
  if (!(Math.abs(Date.now() / 1000 - Number(timestamp)) <= 300)) return false
  const hmac = createHmac('sha256', key).update(`${headers['webhook-id']}.${timestamp}.`).update(body)
  const wanted = Buffer.from(`v1,${hmac.digest('base64')}`)
  // 更换密钥期间有两个签名。There are two signatures while the secret is being replaced.
  const given = String(headers['webhook-signature'])
    .split(' ')
    .map(one => Buffer.from(one))
  return given.some(one => one.length === wanted.length && timingSafeEqual(one, wanted))
}

const server = createServer(async (request, response) => {
  const body = await buffer(request)
  const genuine = isGenuine(request.headers, body)
  // 先存下再应答；同一个 webhook-id 可能来两次。Store it, then answer; the same webhook-id may come twice.
  if (genuine) console.log(request.headers['webhook-id'], JSON.parse(body.toString()).type)
  response.writeHead(genuine ? 204 : 401).end()
})
server.listen(Number(process.argv[2]), '127.0.0.1')
