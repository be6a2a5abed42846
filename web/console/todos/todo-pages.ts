import type { ConsolePage } from '../console-page.ts'

/** The pages of the corp's to-dos, in the order of their tabs. */
export const todoPages: readonly ConsolePage[] = [
  {
    path: '/console/todos',
    name: 'todos',
    entry: 'todos',
    level: 'super',
    load: () => import('./todos.tsx'),
  },
  {
    path: '/console/todos/sources',
    name: 'todoSources',
    tab: 'todoSourcesTab',
    entry: 'todos',
    level: 'super',
    load: () => import('./sources/sources.tsx'),
  },
  {
    path: '/console/todos/unrecognised',
    name: 'todoUnrecognised',
    tab: 'todoUnrecognisedTab',
    entry: 'todos',
    under: '/console/todos/sources',
    isLinked: true,
    level: 'super',
    load: () => import('./sources/unrecognised.tsx'),
  },
  {
    path: '/console/todos/delegations',
    name: 'todoDelegations',
    tab: 'todoDelegationsTab',
    entry: 'todos',
    under: '/console/todos',
    isLinked: true,
    level: 'super',
    load: () => import('./delegations/delegations.tsx'),
  },
  {
    path: '/console/todos/settings',
    name: 'todoSettings',
    tab: 'todoSettingsTab',
    entry: 'todos',
    under: '/console/todos',
    isLinked: true,
    level: 'super',
    load: () => import('./settings.tsx'),
  },
]
