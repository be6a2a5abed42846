import { runCommand } from '../../server/cli/in-process.fixture.ts'
import { ApiError } from '../../server/platform/http/errors.ts'
import type { Manager } from '../admin-token.ts'
import type { Caller, World } from '../harness.ts'
import type { SignedInClient } from '../sign-in.ts'

/** What the rules are tried on; filled before the first of them. */
export const here = {} as {
  world: World
  /** The system super administrator. */
  system: SignedInClient
  api: Caller
  /** Has an admin token. */
  manager: Manager
  /** A developer with two secrets. */
  devId: string
  appId: string
  disabledAppId: string
  agentId: number
  /** A file that is no picture, an empty one, and those that are too large. */
  files: { text: string; empty: string; large: string; largePng: string; privateKey: string }
}

export type WayAnswer = { code: string; message: string }
/** One attempt on one way in. */
export type Attempt = {
  way: 'feature' | 'page' | 'command' | 'api' | 'management'
  what: string
  run(): Promise<WayAnswer>
}
export type Rule = [rule: string, code: string, why: RegExp, attempts: Attempt[]]

const accepted: WayAnswer = { code: '0', message: '' }

async function caught(work: () => unknown): Promise<WayAnswer> {
  try {
    await work()
    return accepted
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return { code: error.code, message: error.message }
  }
}

/** Calls the feature's own function. */
export function feature(work: () => unknown): Attempt {
  return { way: 'feature', what: work.toString().replace(/\s+/g, ' '), run: () => caught(work) }
}

export function page(path: string, body: () => object | Promise<object>): Attempt {
  const run = async () => {
    const { retCode: code, retMessage: message } = await here.system.post(path, await body())
    return { code, message }
  }
  return { way: 'page', what: path, run }
}

export function command(...words: (string | (() => string))[]): Attempt {
  const typed = () => words.map(word => (typeof word === 'string' ? word : word()))
  const run = () => caught(() => runCommand(here.world.ctx, typed()))
  return { way: 'command', what: words.slice(0, 3).join(' '), run }
}

export function api(path: string, body: () => object): Attempt {
  const run = async () => {
    const { retCode: code, retMessage: message } = await here.api.post(path, body())
    return { code, message }
  }
  return { way: 'api', what: path, run }
}

/** A call of management. */
export function management(path: string, body: () => object): Attempt {
  const run = async () => {
    const { retCode: code, retMessage: message } = await here.manager.post(`/api/admin/${path}`, body())
    return { code, message }
  }
  return { way: 'management', what: path, run }
}
