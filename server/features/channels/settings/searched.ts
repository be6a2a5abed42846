import type { SearchKind } from '../../../platform/manifest/search.ts'
import { type Words, wordsIn } from '../../../platform/words.ts'
import { channelList } from '../channels.ts'

/** Settings of the channels by the channel's name and their labels, in either language. */
export const channelSettingsSearched: SearchKind<object> = {
  title: { zh: '消息渠道的设置', en: 'Settings of message channels' },
  path: '/console/messages/settings',
  point: 'message:read',
  param: 'channel',
  find(_, { words, language }) {
    const wanted = words.toLowerCase().split(/\s+/)
    const isMeant = (texts: readonly Words[]) => {
      const all = texts.flatMap(({ zh, en }) => [zh.toLowerCase(), en.toLowerCase()])
      return wanted.every(word => all.some(one => one.includes(word)))
    }
    return channelList.flatMap(([name, { label, settings }]) => {
      const found = Object.values(settings.fields).filter(field => isMeant([label, field.label]))
      if (found.length === 0) return []
      const detail = found.map(field => wordsIn(language, field.label)).join(' · ')
      return [{ id: name, title: wordsIn(language, label), detail }]
    })
  },
}
