import { useRead } from '../../../ui/data/read.ts'
import { useText } from '../../../ui/text.ts'
import type { NameRule } from './types.ts'

/** Names a personalised menu by its place and by whom it is for: the tag by its name, if that was pulled, and the phone's system. */
export function useRuleName(originalId: string): NameRule {
  const t = useText('official-menu')
  const tags = useRead('/web/official/follower-tags', { originalId }).data?.list ?? []
  return ({ tagId, platform }, n) => {
    const tag = tags.find(one => one.id === tagId)?.name ?? `#${tagId}`
    const who = [
      ...(tagId === undefined ? [] : [t('ofTag', { tag })]),
      ...(platform === undefined ? [] : [`${t('platform')} ${t(platform)}`]),
    ]
    return t('personalisedFor', { n, who: who.join(' · ') })
  }
}
