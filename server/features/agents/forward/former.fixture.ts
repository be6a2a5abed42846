import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import * as foreign from '@wecom/crypto'

/** A system that heard the agent before, made with WeCom's own library. */
export class Former {
  readonly token = 'formerToken'
  readonly key = 'a'.repeat(42).concat('A')
  readonly heard: string[] = []
  answer: 'reply' | 'nothing' | 'hang' | 'unsigned' | 'broken' = 'nothing'
  server: Server | undefined
  url = ''

  async start(): Promise<void> {
    this.server = createServer(async (request, response) => {
      const parts: Buffer[] = []
      for await (const part of request) parts.push(part as Buffer)
      const query = new URL(request.url ?? '', 'http://x').searchParams
      const [timestamp, nonce] = [query.get('timestamp') ?? '', query.get('nonce') ?? '']
      const signed = (text: string) => foreign.getSignature(this.token, timestamp, nonce, text)
      if (request.method === 'GET') {
        const echo = query.get('echostr') ?? ''
        const isRight = signed(echo) === query.get('msg_signature')
        response.end(isRight ? foreign.decrypt(this.key, echo).message : 'wrong')
        return
      }
      const encrypted = /<Encrypt><!\[CDATA\[(.*?)\]\]>/.exec(Buffer.concat(parts).toString())?.[1] ?? ''
      if (signed(encrypted) !== query.get('msg_signature')) throw new Error('not signed by wisp')
      const { message, id } = foreign.decrypt(this.key, encrypted)
      this.heard.push(message)
      if (this.answer === 'hang') return
      if (this.answer === 'broken') response.statusCode = 502
      response.end(['nothing', 'broken'].includes(this.answer) ? '' : this.replyTo(message, id))
    })
    this.server.listen(0, '127.0.0.1')
    await once(this.server, 'listening')
    this.url = `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/wecom?corp=1`
  }

  replyTo(message: string, corpId: string): string {
    const from = /<FromUserName><!\[CDATA\[(.*?)\]\]>/.exec(message)?.[1] ?? ''
    const reply = `<xml><ToUserName>${from}</ToUserName><FromUserName>${corpId}</FromUserName><CreateTime>1</CreateTime><MsgType>text</MsgType><Content>旧系统的答复</Content></xml>`
    const sealed = foreign.encrypt(this.key, reply, corpId)
    const signature = this.answer === 'unsigned' ? 'x' : foreign.getSignature(this.token, '1', '2', sealed)
    return `<xml><Encrypt>${sealed}</Encrypt><MsgSignature>${signature}</MsgSignature><TimeStamp>1</TimeStamp><Nonce>2</Nonce></xml>`
  }

  async close(): Promise<void> {
    this.server?.closeAllConnections()
    this.server?.close()
  }
}
