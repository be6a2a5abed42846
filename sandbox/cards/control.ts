import type { FastifyInstance } from 'fastify'
import {
  boolean,
  ControlError,
  controlBody,
  list,
  onlyKeys,
  optional,
  string,
} from '../http/control-input.ts'
import type { Input } from '../http/input.ts'
import { canBeUpdated } from './check.ts'
import { entryOf, type Press, pressCard, receiverOf } from './press.ts'
import { cardOf } from './update.ts'
import type { PressWorld } from './world.ts'

/** /_sandbox/cards: what people see of their cards, and pressing them. */
export function routeCards(control: FastifyInstance, world: PressWorld): void {
  control.get('/_sandbox/cards', async request => {
    const input = request.query as Input
    onlyKeys(input, 'msgId', 'userid')
    const entry = entryOf(world, { msgId: string(input['msgId'], 'msgId') })
    const userid = string(input['userid'], 'userid')
    const shown = cardOf(world, entry, receiverOf(world, entry, userid))
    return { n: entry.n, userid, ...shown, canPress: !entry.recalledAt && canBeUpdated(shown.card) }
  })
  control.post('/_sandbox/cards/press', async request => pressCard(world, pressOf(controlBody(request.body))))
}

function pressOf(input: Input): Press {
  onlyKeys(input, 'msgId', 'userid', 'key', 'selected', 'menu', 'force')
  return {
    msgId: string(input['msgId'], 'msgId'),
    userid: string(input['userid'], 'userid'),
    key: string(input['key'], 'key'),
    selected: optional(input, 'selected', choices),
    menu: optional(input, 'menu', boolean),
    force: optional(input, 'force', boolean),
  }
}

function choices(value: unknown, key: string): Record<string, string[]> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new ControlError(`${key} must be an object of lists`)
  return Object.fromEntries(
    Object.entries(value).map(([question, ids]) => [question, list(string)(ids, `${key}.${question}`)]),
  )
}
