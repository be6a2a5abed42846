import { hitsAtMost, type SearchKind } from '../../../platform/manifest/search.ts'
import { wordsIn } from '../../../platform/words.ts'
import type { Apps } from '../catalog.ts'

const disabled = { zh: '已停用', en: 'Disabled' }

/** Apps by name and id. */
export const appsSearched: SearchKind<{ apps: Apps }> = {
  title: { zh: '应用', en: 'Apps' },
  path: '/console/apps/$id',
  point: 'app:read',
  find({ apps }, { corpId, words, language }) {
    const wanted = words.toLowerCase()
    return apps
      .ofCorp(corpId)
      .filter(app => app.id.toLowerCase() === wanted || app.name.toLowerCase().includes(wanted))
      .slice(0, hitsAtMost)
      .map(app => ({ id: app.id, title: app.name, detail: app.enabled ? '' : wordsIn(language, disabled) }))
  },
}
