import type { FastifyInstance } from 'fastify'
import { StartError } from '../operation/start-error.ts'

type Place = { host: string; port: number }

/** Returns the URL. Throws StartError when this host or port is not available. */
export async function listen(app: Pick<FastifyInstance, 'listen'>, place: Place): Promise<string> {
  try {
    return await app.listen({ host: place.host, port: place.port })
  } catch (error) {
    throw listenFailed(error, place) ?? error
  }
}

/** Undefined for any other error than a failure to listen. */
export function listenFailed(error: unknown, { host, port }: Place): StartError | undefined {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'EADDRINUSE':
      return new StartError(
        `端口 ${port}（${host}）已被占用：请停止占用它的程序，或把 WISP_PORT 设为别的端口。`,
        `Port ${port} on ${host} is in use: stop what uses it, or set WISP_PORT to another one.`,
      )
    case 'EACCES':
      return new StartError(
        `无权监听端口 ${port}：1024 以下的端口要有特权，请把 WISP_PORT 设为更大的端口，前面放反向代理。`,
        `Port ${port} may not be listened on: ports below 1024 take privileges; set WISP_PORT to a higher one, behind a proxy.`,
      )
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
    case 'EINVAL':
      return new StartError(
        `WISP_HOST ${host} 不是这台机器的地址：请设为 127.0.0.1、0.0.0.0 或它自己的地址。`,
        `WISP_HOST ${host} is no address of this machine: set it to 127.0.0.1, 0.0.0.0 or an address of its own.`,
      )
    default:
      return undefined
  }
}
