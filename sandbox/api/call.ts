import type { Input } from '../http/input.ts'
import type { WecomError } from '../rules/errcodes.ts'
import type { Agent } from '../state/identity.ts'
import { type View, viewOf } from '../state/view.ts'
import type { World } from '../state/world.ts'

/** The owner of the token: the contact secret when `agent` is undefined, otherwise that agent. */
export interface Caller {
  agent: Agent | undefined
  view: View
}

export interface Ask {
  world: World
  caller: Caller
  input: Input
}

/** One call of /cgi-bin. `run` returns the answer or throws {@link WecomError}. */
export interface Call {
  method: 'GET' | 'POST'
  path: string
  /** Which tokens may make the call; `nobody` means that no token is needed. All others are answered with 48002. */
  token: 'nobody' | 'any' | 'contact' | 'agent'
  /** In the restricted regime the contact secret is answered with 48009 (upstream.md §2.4). */
  closedIn2022?: boolean
  run(ask: Ask): Record<string, unknown>
}

export function callerOf(world: World, agent: Agent | undefined): Caller {
  let view: View | undefined
  return {
    agent,
    get view() {
      view ??= viewOf(world.state, agent)
      return view
    },
  }
}

export const ok = { errcode: 0, errmsg: 'ok' }
