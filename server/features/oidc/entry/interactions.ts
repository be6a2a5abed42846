import type { FastifyReply, FastifyRequest } from 'fastify'
import type { InteractionResults, Provider } from 'oidc-provider'
import type { CorpProvider } from '../provider/providers.ts'

export type Interaction = InstanceType<Provider['Interaction']>

/** The sign-in that this browser has begun. The cookie is signed, and is sent to this address alone. */
export async function readInteraction(
  { provider }: CorpProvider,
  { raw }: FastifyRequest,
  reply: FastifyReply,
  uid: string,
): Promise<Interaction | undefined> {
  const { cookies } = provider.createContext(raw, reply.raw)
  if (cookies.get(provider.cookieName('interaction'), { signed: true }) !== uid) return undefined
  return provider.Interaction.find(uid)
}

/**
 * Keeps what came of it, for the library to read when the person is back there. The session that it began in is not compared any
 * more: whoever signs in anew has another.
 */
export async function saveResult(interaction: Interaction, result: InteractionResults): Promise<void> {
  interaction.result = 'error' in result ? result : { ...interaction.lastSubmission, ...result }
  delete interaction.session
  await interaction.persist()
}
