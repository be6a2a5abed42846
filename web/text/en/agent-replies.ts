import type { text as zh } from '../zh/agent-replies.ts'
import { text as replies } from './official-replies.ts'

/** Those of official accounts, but for what is otherwise with agents. */
export const text: Record<keyof typeof zh, string> = {
  ...replies,
  hint: 'Members who write to the application, open it or press its menu are answered by rules.',
  'kindHint:subscribe': 'Answers members who come into the visible range of the application.',
  'kind:subscribe': 'On coming into range',
  'kindHint:menu':
    'Answers buttons with a key; those of photos, albums, places and plain scans are answered by a message of the application.',
  'wordsHint:regex':
    'Syntax of RE2, without look-around and back references; the rules and flows of an application have at most 50.',
  emptyHint: 'Add a welcome, keywords or a default reply, and try them at the side.',
  timeoutTextHint: 'Sent by the application when nobody has answered in time.',
  removeFlowHint: 'Members who are in the flow leave it.',
  simulatorHint: 'Write as a member would, and see which rule answers. Nothing is sent.',
  'do:subscribe': 'Come into range',
  'do:unsubscribe': 'Leave the range',
  'did:subscribe': '(comes into range)',
  'did:unsubscribe': '(leaves the range)',
  notHeard: 'WeCom does not push here yet what members write, so that no rule answers.',
  toCallback: 'Set up receiving',
  unsent: '{n} replies of the last day did not go out: {why}',
  forwardHint:
    'A rule that fits answers. Where none does and pushes are passed on, the other system answers.',
}
