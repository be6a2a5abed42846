import { useText } from '../../ui/text.ts'

/** How many of each kind may see something. */
export type AudienceCounts = {
  everyone: boolean
  departments: number
  members: number
  tags: number
  groups?: number
}

/** Returns a function that says in words who may see something. */
export function useAudienceWords(): (counts: AudienceCounts) => string {
  const t = useText('apps')
  return ({ everyone, departments, members, tags, groups = 0 }) => {
    if (everyone) return t('whoever')
    const parts = [
      departments > 0 ? t('toDepartments', { n: departments }) : '',
      members > 0 ? t('toMembers', { n: members }) : '',
      tags > 0 ? t('toTags', { n: tags }) : '',
      groups > 0 ? t('toGroups', { n: groups }) : '',
    ]
    return parts.filter(Boolean).join(' · ')
  }
}
