import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Input } from '../http/input.ts'
import { type CallFaults, type Outcome, underFault } from '../http/under-fault.ts'
import type { Robots, RobotVendor, SandboxRobot } from './robots.ts'

export interface RobotWorld extends CallFaults {
  readonly robots: Robots
}

/** What a vendor answers: its code, and what it says. */
type Answer = { code: number; said: string }

const textAtMost = { text: 2048, markdown: 4096 } as const
const bodyAtMost = 20_000

/** Serves the group robots of three vendors. Faults match `robot/<vendor>`. */
export function routeRobots(app: FastifyInstance, world: RobotWorld): void {
  const serve =
    (vendor: RobotVendor, run: (body: Input, request: FastifyRequest) => Answer) =>
    (request: FastifyRequest, reply: FastifyReply) =>
      underFault(world, `robot/${vendor}`, reply, {
        run: () =>
          outcome(
            vendor,
            answerTo(request, body => run(body, request)),
          ),
        refuse: () => outcome(vendor, vendor === 'feishu' ? tooFast.feishu : busy),
      })
  const post = (
    [vendor, url]: [RobotVendor, string],
    body: Input,
    valid: (robot: SandboxRobot) => Answer | undefined,
  ): Answer => {
    const robot = world.robots.of(vendor, url)
    const wrong = robot ? valid(robot) : unknown[vendor]
    if (!robot || wrong) return wrong!
    if (!world.robots.take(robot)) return tooFast[vendor]
    world.robots.keep(robot, body)
    return { code: 0, said: vendor === 'feishu' ? 'success' : 'ok' }
  }

  app.post(
    '/cgi-bin/webhook/send',
    serve('wecom', (body, { raw }) => post(['wecom', raw.url!], body, () => wecomFault(body))),
  )
  app.post(
    '/robot/send',
    serve('dingtalk', (body, { raw }) =>
      post(['dingtalk', raw.url!], body, robot => {
        const query = new URL(raw.url!, 'http://sandbox').searchParams
        const signed = { timestamp: query.get('timestamp') ?? '', sign: query.get('sign') ?? '' }
        if (!world.robots.isSigned(robot, signed))
          return {
            code: 310000,
            said: 'description:机器人发送签名不匹配;solution:请确认签名和生成签名的时间戳必须都放在调用的网址中',
          }
        if (Buffer.byteLength(JSON.stringify(body)) > bodyAtMost) return { code: 40035, said: '参数错误' }
        return undefined
      }),
    ),
  )
  app.post(
    '/open-apis/bot/v2/hook/:token',
    serve('feishu', (body, { raw }) =>
      post(['feishu', raw.url!], body, robot => {
        const signed = { timestamp: String(body['timestamp'] ?? ''), sign: String(body['sign'] ?? '') }
        if (!world.robots.isSigned(robot, signed))
          return {
            code: 19021,
            said: 'sign match fail or timestamp is not within one hour from current time',
          }
        if (Buffer.byteLength(JSON.stringify(body)) > bodyAtMost) return { code: 9499, said: 'Bad Request' }
        return undefined
      }),
    ),
  )
}

const unknown: Record<RobotVendor, Answer> = {
  wecom: { code: 93000, said: 'invalid webhook url, hint: [1701388800], from ip: 127.0.0.1' },
  dingtalk: { code: 300001, said: 'token is not exist' },
  feishu: { code: 19001, said: 'param invalid: incoming webhook access token invalid' },
}
const busy: Answer = { code: -1, said: 'system error' }
const tooFast: Record<RobotVendor, Answer> = {
  wecom: { code: 45009, said: 'api freq out of limit, hint: [1701388800]' },
  dingtalk: { code: 130101, said: 'send too fast, exceed 20 times per minute' },
  feishu: { code: 11232, said: 'frequency limited psm[lark.oapi.app_platform_runtime]appID[1500]' },
}

function answerTo(request: FastifyRequest, run: (body: Input) => Answer): Answer {
  let body: unknown
  try {
    body = JSON.parse(String(request.body))
  } catch {
    body = undefined
  }
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    return { code: 9499, said: 'Bad Request' }
  return run(body as Input)
}

function outcome(vendor: RobotVendor, { code, said }: Answer): Outcome {
  const body =
    vendor !== 'feishu'
      ? { errcode: code, errmsg: said }
      : code === 0
        ? { code, msg: said, data: {}, Extra: null, StatusCode: 0, StatusMessage: said }
        : { code, msg: said, data: {} }
  return { outcome: String(code), body: JSON.stringify(body) }
}

/** What WeCom's robot does not take; of other kinds of messages it checks nothing here. */
function wecomFault(body: Input): Answer | undefined {
  for (const [kind, atMost] of Object.entries(textAtMost)) {
    if (body['msgtype'] !== kind) continue
    const { content } = (body[kind] ?? {}) as { content?: unknown }
    if (typeof content !== 'string' || content === '') return { code: 93017, said: 'empty content' }
    if (Buffer.byteLength(content) > atMost)
      return { code: 40058, said: `${kind}.content exceed max length ${atMost}. invalid Request Parameter` }
    return undefined
  }
  return { code: 40008, said: 'invalid message type' }
}
