import type { Areas } from '../areas.ts'

export const text: Areas['objects'] = {
  discard: 'Discard my changes',
  examine: 'Run the check-up',
  examineAgain: 'Check again',
  examinedAt: 'Last checked {time}',
  expiredHint:
    'What you typed is still on this page. Sign in again in a new window; this page then goes on by itself.',
  expiredOther: '{name} is signed in now, but this page was opened by {owner} and cannot go on.',
  expiredTitle: 'Your session has ended',
  fix: 'What to change',
  leaveToSignIn: 'Leave without it',
  newsClash: '{name}: they set “{theirs}”, you typed something else.',
  newsHidden: 'What they changed is not shown here, such as a key.',
  newsNext: 'Look through it, then save: what you typed is what holds.',
  newsTaken: 'Brought up to date: {names}.',
  newsTitle: 'Somebody else has just changed this; what you typed is still here',
  nothing: 'empty',
  off: 'off',
  on: 'on',
  reloadPage: 'Open the page again',
  signInAgain: 'Sign in again',
  stateFailed: 'Failed',
  stateOk: 'Passed',
  stateWarning: 'Note',
  typeToConfirm: 'Type the {what} {id} to confirm',
}
