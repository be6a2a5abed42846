import type { Core } from '../../platform/core.ts'
import { feature } from '../../platform/manifest/feature.ts'

/** Menus below a conversation, with their versions, on behalf of owners that other features have (versions.ts). */
export const chatMenusFeature = feature<Core>()({
  name: 'chat-menus',
  tables: [
    { table: 'official_menu', isBounded: true, because: 'one row per account or agent' },
    { table: 'official_menu_version', isBounded: true, because: 'the last 50 of each account or agent' },
  ],
})
