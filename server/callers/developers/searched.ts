import type { Core } from '../../platform/core.ts'
import { hitsAtMost, type SearchKind } from '../../platform/manifest/search.ts'
import { allDevelopers } from './store.ts'

/** Developers by name and id. */
export const developersSearched: SearchKind<Core> = {
  title: { zh: '开发者', en: 'Developers' },
  path: '/console/apps/developers/$id',
  point: 'developer:read',
  async find({ db }, { corpId, words }) {
    const wanted = words.toLowerCase()
    return (await allDevelopers(db, corpId))
      .filter(({ devId, name }) => devId === wanted || name.toLowerCase().includes(wanted))
      .slice(0, hitsAtMost)
      .map(({ devId, name }) => ({ id: devId, title: name, detail: devId }))
  },
}
