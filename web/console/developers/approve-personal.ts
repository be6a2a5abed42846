import { useText } from '../../ui/text.ts'
import { useUpstreamCalls } from './upstream-paths.tsx'

type Question = { title: string; content: string; okText: string }

/** Asks before calls of vendors are given that are about people; the developer `had` some already. */
export function useApproval(devId?: string, had: readonly string[] = []) {
  const t = useText('developers')
  const { personalAmong } = useUpstreamCalls(devId)
  return ({
    upstreamPaths = [],
  }: {
    upstreamPaths?: readonly string[] | '' | undefined
  }): Question | undefined => {
    const paths = upstreamPaths === '' ? [] : upstreamPaths
    const added = personalAmong(paths.filter(path => !had.includes(path)))
    if (added.length === 0) return undefined
    return {
      title: t('upstreamApproveTitle'),
      content: t('upstreamApproveHint', { paths: added.join('、') }),
      okText: t('upstreamApproveAct'),
    }
  }
}
