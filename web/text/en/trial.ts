import type { Areas } from '../areas.ts'

export const text: Record<keyof Areas['trial'], string> = {
  title: 'Trying the sign-in',
  begin: 'Opening the sign-in…',
  failed: 'It did not succeed',
  again: 'Try again',
  close: 'You can close this tab.',
  done: 'Signed in. The app receives:',
  phoneHeldBack:
    'No phone number: it is approved, but the developer of the app lacks the scope directory:mobile. Add it to the scopes of the developer.',
  phoneUnknown:
    'No phone number: the address book has none for this person, or the phone is not approved yet.',
  idToken: 'Content of the id_token',
  userinfo: 'Answer of userinfo',
  tokens: 'Answer of the token endpoint (tokens left out)',
  validated: 'Answer of the validation',
  stateWrong: 'The state is not that of the beginning: begin again with Try it.',
  nonceWrong: 'The nonce in the id_token is not that of the beginning.',
  said: '{step} answered HTTP {status}: {text}',
  stepToken: 'The token endpoint',
  stepUserinfo: 'userinfo',
  stepValidate: 'The validation',
  refusedBy: 'Refused: {error} {text}',
}
