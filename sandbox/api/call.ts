import type { Editor } from '../edits/edit.ts'
import type { Input } from '../http/input.ts'
import type { Upload } from '../http/multipart.ts'
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
  /** The file of a call with `takesFile`. */
  upload?: Upload | undefined
}

/** An answer that is a file. */
export class File {
  readonly content: Upload

  constructor(content: Upload) {
    this.content = content
  }
}

/** One call of /cgi-bin. `run` returns the answer or throws {@link WecomError}. */
export interface Call {
  method: 'GET' | 'POST'
  path: string
  /** Which tokens may make the call; `nobody` means that no token is needed. All others are answered with 48002. */
  token: 'nobody' | 'any' | 'contact' | 'agent'
  /**
   * In the restricted regime the contact secret is answered with 48009
   * (docs/upstream/wecom-directory.md#the-restrictions-of-2022).
   */
  closedIn2022?: boolean
  /** The body is a form with a file, and the other inputs are in the query. */
  takesFile?: true
  /** A POST whose `agentid` is in the query. */
  namesAgent?: true
  run(ask: Ask): Record<string, unknown> | File
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

export const editorOf = ({ agent }: Caller): Editor => agent?.agentId ?? 'contact'

export const ok = { errcode: 0, errmsg: 'ok' }
