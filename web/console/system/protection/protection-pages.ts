import type { ConsolePage } from '../../console-page.ts'

export const protectionPages: readonly ConsolePage[] = [
  {
    path: '/console/system/protection',
    name: 'protection',
    entry: 'access',
    under: '/console/system/sign-in-ways',
    isLinked: true,
    level: 'super',
    load: () => import('./protection.tsx'),
  },
]
