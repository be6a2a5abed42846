import type { FastifyReply, FastifyRequest } from 'fastify'
import { whyClosed } from '../../../organisation/corps/suspension/check-open.ts'
import type { Closure } from '../../../organisation/corps/suspension/closure.ts'
import type { Brands } from '../../branding/brands.ts'
import { sendSignInPage } from './page.ts'

/** For people on their way to an application of a corp that is suspended. */
export async function sendClosed(
  ctx: { brands: Brands },
  request: FastifyRequest,
  reply: FastifyReply,
  closure: Closure,
): Promise<FastifyReply> {
  return sendSignInPage(ctx, request, reply, {
    status: 403,
    title: { zh: '企业已暂停服务', en: 'This corp is suspended' },
    text: [whyClosed(closure)],
    isNumbered: true,
  })
}
