import { Alert, Input, Segmented } from 'antd'
import { type ReactNode, useState } from 'react'
import type { Answer } from '../../ui/data/api.ts'
import { useRead } from '../../ui/data/read.ts'
import { useSession } from '../../ui/data/session.tsx'
import { ErrorState, Loading } from '../../ui/feedback.tsx'
import { MemberPicker, type PickedMember } from '../../ui/pickers.tsx'
import { useText } from '../../ui/text.ts'

type Kind = 'member' | 'developer'

/** Answers whether a person or a developer sees this member, and by which rule. */
export function MemberWhy(props: { member: { userId: string; userName: string } }): ReactNode {
  const t = useText('directory')
  const { isSuper } = useSession()
  const [kind, setKind] = useState<Kind>('member')
  const [picked, setPicked] = useState<PickedMember[]>([])
  const [devId, setDevId] = useState('')
  const viewer = kind === 'member' ? picked[0]?.userId : devId
  return (
    <div style={{ display: 'grid', gap: 12 }}>
      <div className="wisp-quiet">{t('whyHint', { name: props.member.userName })}</div>
      {isSuper ? (
        <Segmented<Kind>
          aria-label={t('viewerPick')}
          value={kind}
          onChange={setKind}
          options={[
            { value: 'member', label: t('member') },
            { value: 'developer', label: t('developer') },
          ]}
          style={{ justifySelf: 'start' }}
        />
      ) : null}
      {kind === 'member' ? (
        <MemberPicker single value={picked} onChange={setPicked} label={t('viewerPick')} />
      ) : (
        <Input.Search
          allowClear
          aria-label={t('developerId')}
          placeholder={t('developerId')}
          onSearch={value => setDevId(value.trim())}
        />
      )}
      {viewer ? <WhyAnswer viewer={viewer} target={props.member.userId} /> : null}
    </div>
  )
}

function WhyAnswer(props: { viewer: string; target: string }): ReactNode {
  const t = useText('directory')
  const read = useRead('/web/directory/why', props)
  const words = useWords()
  if (read.error) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  if (!read.data) return <Loading height={80} />
  const why = read.data
  const isSeen = why.level !== 'none'
  const names = { viewer: why.viewer.name || why.viewer.id, target: why.target.name }
  return (
    <>
      <Alert
        type={isSeen ? 'success' : 'warning'}
        showIcon
        title={`${t(isSeen ? 'visibleYes' : 'visibleNo', names)}${isSeen ? ` · ${t(why.level === 'manage' ? 'whyManage' : 'whyViewOnly')}` : ''}`}
        description={words(why)}
      />
      {isSeen ? null : <Has why={why} />}
    </>
  )
}

/** Describes the rule in a sentence. */
function useWords(): (why: Answer<'/web/directory/why'>) => string {
  const t = useText('directory')
  return why => {
    const target = why.target.name
    const steps = why.from?.way ?? []
    const path = steps.map(one => one.orgName).join(' / ')
    const way = steps.length > 1 ? t('whyWay', { path }) : t('whyWaySelf', { target })
    const from = why.from?.orgName ?? ''
    const tag = why.tag?.tagName ?? ''
    const isDeveloper = why.viewer.kind === 'developer'
    switch (why.rule) {
      case 'everything':
        return isDeveloper ? t('whyEverythingDeveloper') : t('whyEverythingPerson', { role: t('levelSuper') })
      case 'assigned':
        if (!why.from) return t('whyElsewhere')
        return t('whyAssigned', { from, way })
      case 'own':
        if (!why.from) return t('whyElsewhere')
        return t('whyOwn', { from, way })
      case 'scope':
        return t('whyScope', { from, way })
      case 'tag':
        return why.from ? t('whyTagDepartment', { tag, from, way }) : t('whyTagMember', { tag, target })
      case 'group':
        return t('whyGroup', { target })
      case 'missing':
        if (isDeveloper) return t('whyMissingDeveloper', { target })
        return t(why.viewer.roleLevel === 3 ? 'whyMissingGraded' : 'whyMissingMember', { target })
    }
  }
}

function Has({ why }: { why: Answer<'/web/directory/why'> }): ReactNode {
  const t = useText('directory')
  const name = why.viewer.name || why.viewer.id
  const { departments, tags } = why.has
  return (
    <div>
      <h3 className="directory-section">{t('hasDepartments', { name })}</h3>
      {departments.length === 0 ? <span className="wisp-quiet">{t('hasNothing')}</span> : null}
      <ul className="directory-list">
        {departments.map(one => (
          <li key={one.orgId}>
            {one.orgName} <span className="wisp-quiet">{t(one.manage ? 'manage' : 'view')}</span>
          </li>
        ))}
      </ul>
      {tags.length > 0 ? (
        <>
          <h3 className="directory-section">{t('hasTags')}</h3>
          <div>{tags.map(one => one.tagName).join('、')}</div>
        </>
      ) : null}
    </div>
  )
}
