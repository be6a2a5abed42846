import { Button, Descriptions, Tag } from 'antd'
import { Fragment, type ReactNode } from 'react'
import type {
  FieldOrigin,
  FieldSource,
} from '../../../server/organisation/directory/console/member-detail.ts'
import { OpenLink, PageLink } from '../../ui/address/page-link.tsx'
import { UrlDrawer } from '../../ui/address/url-drawer.tsx'
import { useUrlState } from '../../ui/address/url-state.ts'
import { useAct } from '../../ui/data/act.tsx'
import type { Answer } from '../../ui/data/api.ts'
import { useRead } from '../../ui/data/read.ts'
import { useSession } from '../../ui/data/session.tsx'
import { ErrorState, Loading } from '../../ui/feedback.tsx'
import { Actor } from '../../ui/objects/actor.tsx'
import { Parts } from '../../ui/objects/parts.tsx'
import { useText } from '../../ui/text.ts'
import { CopyId } from '../../ui/values/copy.tsx'
import { Time } from '../../ui/values/time.tsx'
import { LinkButton } from './link-button.tsx'
import { MemberChanges } from './member-changes.tsx'
import { MemberAvatar, MemberState } from './member-name.tsx'
import { MemberWhy } from './member-why.tsx'

/** Opened by `?open=<userId>`. */
export function MemberDrawer(): ReactNode {
  const t = useText('directory')
  const [, set] = useUrlState()
  return (
    <UrlDrawer title={t('member')} onClose={() => set({ tab: undefined })}>
      {userId => <Member userId={userId} />}
    </UrlDrawer>
  )
}

function Member(props: { userId: string }): ReactNode {
  const t = useText('directory')
  const { userId } = props
  const { data, error, refetch } = useRead('/web/directory/member', { userId })
  if (error && !data) return <ErrorState error={error} retry={() => void refetch()} />
  if (!data) return <Loading />
  return (
    <>
      <div className="directory-head">
        <MemberAvatar row={data} size={56} />
        <div style={{ minWidth: 0 }}>
          <div style={{ fontSize: 18, fontWeight: 600 }}>{data.userName}</div>
          <CopyId value={data.userId} /> <MemberState status={data.status} />
        </div>
      </div>
      <Actions member={data} />
      <Parts
        inDrawer
        parts={[
          { key: 'profile', title: t('profile'), children: <Profile member={data} /> },
          { key: 'sources', title: t('sources'), children: <Origins member={data} /> },
          { key: 'why', title: t('why'), children: <MemberWhy member={data} /> },
          { key: 'changes', title: t('changes'), children: <MemberChanges changes={data.changes} /> },
        ]}
      />
    </>
  )
}

/** What a super administrator does about a member on other pages. */
function Actions({ member }: { member: Answer<'/web/directory/member'> }): ReactNode {
  const t = useText('directory')
  const { isSuper } = useSession()
  if (!isSuper) return null
  const { userId } = member
  const links = [
    [t('sendMessage'), '/console/messages/send', { to: userId }],
    [
      t(member.roleLevel === 0 ? 'makeAdministrator' : 'changeAdministrator'),
      '/console/directory/roles',
      { open: userId },
    ],
    [t('theirMessages'), '/console/messages', { receiver: userId }],
    [t('theirSignIns'), '/console/system/sign-ins', { person: userId }],
    [t('theirActs'), '/console/system/audit', { actor: userId }],
  ] as const
  return (
    <nav aria-label={t('memberActions')} className="directory-actions">
      {links.map(([words, to, search]) => (
        <LinkButton key={words} to={to} search={search}>
          {words}
        </LinkButton>
      ))}
    </nav>
  )
}

function Leaders(props: { leaders: Answer<'/web/directory/member'>['directLeaders'] }): ReactNode {
  if (props.leaders.length === 0) return '—'
  return props.leaders.map((one, index) => (
    <Fragment key={one.userId}>
      {index > 0 ? '、' : ''}
      <OpenLink id={one.userId}>{one.userName}</OpenLink>
    </Fragment>
  ))
}

function Profile({ member }: { member: Answer<'/web/directory/member'> }): ReactNode {
  const t = useText('directory')
  const items = [
    { key: 'mobile', label: t('mobile'), children: member.mobile || '—' },
    { key: 'email', label: t('email'), children: member.email || '—' },
    { key: 'position', label: t('position'), children: member.position || '—' },
    { key: 'alias', label: t('alias'), children: member.alias || '—' },
    {
      key: 'leaders',
      label: t('directLeaders'),
      children: <Leaders leaders={member.directLeaders} />,
    },
    { key: 'role', label: t('role'), children: <RoleText member={member} /> },
  ]
  return (
    <>
      <Descriptions column={1} size="small" bordered items={items} styles={{ label: { width: 110 } }} />
      <h3 className="directory-section">{t('departments')}</h3>
      <ul className="directory-list">
        {member.orgs.map(org => (
          <li key={org.orgId}>
            {org.path.slice(0, -1).map(one => `${one.orgName} / `)}
            <PageLink to="/console/directory" search={{ orgId: org.orgId }}>
              {org.orgName}
            </PageLink>{' '}
            {org.isMain ? <Tag>{t('isMain')}</Tag> : null}
            {org.isLeader ? <Tag color="blue">{t('isLeader')}</Tag> : null}
          </li>
        ))}
      </ul>
      <h3 className="directory-section">{t('tags')}</h3>
      {member.tags.length === 0 ? <span className="wisp-quiet">{t('tagNone')}</span> : null}
      <ul className="directory-list">
        {member.tags.map(tag => (
          <li key={tag.tagId}>
            <PageLink to="/console/directory/tags" search={{ open: tag.tagId }}>
              {tag.tagName}
            </PageLink>{' '}
            {tag.via ? (
              <span className="wisp-quiet">{t('byDepartment', { name: tag.via.orgName })}</span>
            ) : null}
          </li>
        ))}
      </ul>
    </>
  )
}

function RoleText({ member }: { member: Answer<'/web/directory/member'> }): ReactNode {
  const t = useText('directory')
  if (member.roleLevel === 0) return t('roleMember')
  if (member.roleLevel === 2) return t('levelSuper')
  if (member.roleLevel === 4) return t('levelHelpDesk')
  const names = member.assigned.map(one => `${one.orgName}（${t(one.manage ? 'manage' : 'view')}）`)
  return names.length > 0 ? t('assigned', { names: names.join('、') }) : t('assignedNone')
}

const sourceWords = {
  wecom: 'byWecom',
  consent: 'byConsent',
  import: 'byImport',
  earlier: 'byEarlier',
  none: 'byNone',
} as const satisfies Record<FieldSource, string>

function Origins({ member }: { member: Answer<'/web/directory/member'> }): ReactNode {
  return (
    <ul className="directory-list">
      {member.origins.map(origin => (
        <Origin key={origin.field} member={member} origin={origin} />
      ))}
    </ul>
  )
}

function Origin(props: { member: Answer<'/web/directory/member'>; origin: FieldOrigin }): ReactNode {
  const t = useText('directory')
  const { member, origin } = props
  const { given } = origin
  const field = t(origin.field)
  const remove = useAct('/web/directory/supplement-remove', {
    done: t('supplementRemoved'),
    refresh: ['/web/directory'],
    confirm: () => ({
      title: `${t('takeBack')} · ${field}`,
      content: t('takeBackText', { field }),
      okText: t('takeBack'),
      danger: true,
    }),
  })
  return (
    <li style={{ display: 'flex', gap: 12, alignItems: 'flex-start' }}>
      <span style={{ flex: '0 0 48px' }}>{field}</span>
      <div style={{ flex: 1, minWidth: 0 }}>
        <div>
          {origin.field === 'avatar' || origin.source === 'none' ? null : `${member[origin.field]} · `}
          {t(sourceWords[origin.source])}
        </div>
        {given ? (
          <div className="wisp-quiet">
            {given.isShown ? null : t('givenUnshown', { source: t(sourceWords[given.source]) })}{' '}
            <Actor id={given.updatedBy} /> <Time at={given.updatedAt} />
          </div>
        ) : null}
      </div>
      {given && member.canManage ? (
        <Button
          size="small"
          danger
          loading={remove.isRunning}
          onClick={() => void remove.run({ userId: member.userId, field: origin.field })}
        >
          {t('takeBack')}
        </Button>
      ) : null}
    </li>
  )
}
