import type { ConsolePage } from '../../console-page.ts'

/** The list of message types, and the page of each. */
export const messageTypePages: readonly ConsolePage[] = [
  {
    path: '/console/messages/types',
    feature: 'message-types',
    name: 'messageTypes',
    tab: 'messageTypesTab',
    entry: 'messageCentre',
    level: 'super',
    load: () => import('./types.tsx'),
  },
  {
    path: '/console/messages/types/$id/{-$tab}',
    feature: 'message-types',
    name: 'messageType',
    entry: 'messageCentre',
    under: '/console/messages/types',
    isObject: true,
    level: 'super',
    load: () => import('./type.tsx'),
  },
]
