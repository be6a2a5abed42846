import type { FastifyRequest } from 'fastify'
import type { LoggedCall, Outcome } from '../../platform/http/gate.ts'
import { type Developer, type Developers, developerNamed } from '../developers/developers.ts'
import type { Requests } from '../requests/requests.ts'

type Needs = { developers: Developers; requests: Requests }

/** Counts a call that is over and notes it in the log, for the same developer. What is known to be nobody's is neither counted nor kept. */
export function noteCall(
  { developers, requests }: Needs,
  declared: LoggedCall,
  request: FastifyRequest,
  outcome: Outcome<Developer>,
): void {
  const developer = outcome.developer ?? ownerOf(developers, declared, request, outcome)
  if (!developer) return
  developers.countCall(developer, declared.path, outcome.failure !== undefined)
  requests.note(declared, request, developer, outcome)
}

/**
 * The developer of a call for which nobody had to sign in, or that was refused: the one that `devId` names where the call takes
 * one, such as the call for a token, or the one whose token was genuine but refused.
 */
function ownerOf(
  developers: Developers,
  { input }: LoggedCall,
  request: FastifyRequest,
  { given, failure }: Outcome<Developer>,
): Developer | undefined {
  const query = request.query as Record<string, unknown>
  if ('devId' in input) return developerNamed(developers, given ?? query)
  return failure === undefined ? undefined : developers.ofToken(given ?? query, request)
}
