import { lstatSync, type Stats, statSync } from 'node:fs'
import { type IncomingMessage, request } from 'node:http'
import { createInterface } from 'node:readline'
import { type Config, socketPath } from '../config.ts'
import type { Event } from './execute.ts'
import type { Invocation } from './program.ts'

/** Has the running server execute the command. False when none runs. Rejects with AbortError when `signal` ends the wait. */
export async function askServer(
  config: Config,
  invocation: Invocation,
  signal: AbortSignal,
  emit: (event: Event) => void,
): Promise<boolean> {
  const path = socketPath(config)
  if (!isOurs(config, path)) return false
  const response = await send(path, invocation, signal)
  if (!response) return false
  let hasEnded = false
  try {
    // Lines end where JSON has none: \r and the like are escaped in it.
    for await (const line of createInterface({ input: response, crlfDelay: Number.POSITIVE_INFINITY })) {
      const event = JSON.parse(line) as Event
      if ('exit' in event) hasEnded = true
      emit(event)
    }
  } catch (error) {
    signal.throwIfAborted()
    if (hasEnded) return true
    throw new Error(`与 wisp 的连接中断: ${(error as Error).message}`)
  }
  signal.throwIfAborted()
  if (!hasEnded) throw new Error('与 wisp 的连接中断，它可能已停止')
  return true
}

/** Secrets go through it: a socket that somebody else put into the temporary folder is not the server's. */
function isOurs(config: Config, path: string): boolean {
  const socket = statOf(path, lstatSync)
  if (!socket?.isSocket()) return false
  const owners = [process.getuid?.(), statOf(config.dataDir, statSync)?.uid, 0]
  return process.getuid === undefined || owners.includes(socket.uid)
}

function statOf(path: string, stat: (path: string) => Stats): Stats | undefined {
  try {
    return stat(path)
  } catch {
    return undefined
  }
}

function send(
  path: string,
  invocation: Invocation,
  signal: AbortSignal,
): Promise<IncomingMessage | undefined> {
  return new Promise((resolve, reject) => {
    const call = request({ socketPath: path, method: 'POST', path: '/', signal }, resolve)
    call.on('error', (error: NodeJS.ErrnoException) => {
      // A file without a listener: left by a process that was killed.
      if (error.code === 'ECONNREFUSED' || error.code === 'ENOENT') resolve(undefined)
      else reject(error.code === 'EACCES' ? new Error(`无权访问 ${path}，请以运行 wisp 的用户执行`) : error)
    })
    call.end(JSON.stringify(invocation))
  })
}
