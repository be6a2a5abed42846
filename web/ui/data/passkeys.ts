import {
  browserSupportsWebAuthn,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  startAuthentication,
  startRegistration,
} from '@simplewebauthn/browser'
import type { CallInput } from './api.ts'

export const hasPasskeys = browserSupportsWebAuthn

/** What the server asked with, which it says nothing more about. */
type PasskeyChallenge = { options: object; state: string }

/** The person closed the browser's window, or has no passkey for this page. */
export class PasskeyDeclined extends Error {}

export async function makePasskey({
  options,
  state,
}: PasskeyChallenge): Promise<Omit<CallInput<'/web/passkeys/finish'>, 'name'>> {
  const optionsJSON = options as PublicKeyCredentialCreationOptionsJSON
  return { state, response: (await asked(() => startRegistration({ optionsJSON }))) as never }
}

export async function signByPasskey({
  options,
  state,
}: PasskeyChallenge): Promise<CallInput<'/web/sign-in/passkey'>> {
  const optionsJSON = options as PublicKeyCredentialRequestOptionsJSON
  return { state, response: (await asked(() => startAuthentication({ optionsJSON }))) as never }
}

async function asked<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    if ((error as Error).name === 'NotAllowedError' || (error as Error).name === 'AbortError')
      throw new PasskeyDeclined()
    throw error
  }
}
