import type { ReactNode } from 'react'
import { level } from '../ui/data/level.ts'
import { useSession } from '../ui/data/session.tsx'
import { useLanguage } from '../ui/language.ts'
import { useThemeChoice } from '../ui/look/theme-choice.ts'
import { changeLanguage, useText } from '../ui/text.ts'
import {
  languages,
  type Profile,
  setThemeChoice,
  themes,
  useOwnDevelopers,
  useOwnExternal,
  useOwnLinks,
  useProfile,
} from './data.ts'
import { Icon } from './icons.tsx'
import { useMyDelegations } from './todos/delegation-data.ts'

const meParts = ['delegations', 'devices', 'external', 'grants', 'links', 'messageChoices'] as const

/** What is opened from the profile. */
export type MePart = (typeof meParts)[number]

/** The part that the address names, as when somebody comes back from the sign-in page. */
export function wantedPart(): MePart | undefined {
  const wanted = new URLSearchParams(location.search).get('me')
  return meParts.find(part => part === wanted)
}

/** The person's profile and display settings. */
export function Me(props: { onOpen(part: MePart): void }): ReactNode {
  const t = useText('portal')
  const session = useSession()
  const { data } = useProfile()
  const here = location.pathname + location.search
  return (
    <div className="wb-me">
      <div className="wb-me-head">
        <Avatar profile={data} />
        <div>
          <strong>{data?.userName ?? session.person.userName}</strong>
          <span className="wb-quiet">{data?.corpName}</span>
        </div>
      </div>
      <Facts profile={data} />
      {data?.canConsent ? (
        <div className="wb-consent">
          <p>{t('consentHint')}</p>
          <a
            className="wb-button wb-primary"
            href={`/signin/wecom?${new URLSearchParams({ consent: '1', corpId: session.corpId, to: here })}`}
          >
            {t('consent')}
          </a>
        </div>
      ) : null}
      <Corps />
      <Choices />
      <div className="wb-list">
        {session.person.roleLevel === level.member && Object.keys(session.points).length === 0 ? null : (
          <a href="/console">
            {t('console')}
            <Icon name="chevron" size={16} />
          </a>
        )}
        <DevelopersEntry />
        <LinksEntry onOpen={() => props.onOpen('links')} />
        <ExternalEntry onOpen={() => props.onOpen('external')} />
        <DelegationsEntry onOpen={() => props.onOpen('delegations')} />
        <button type="button" onClick={() => props.onOpen('messageChoices')}>
          {t('messageChoices')}
          <Icon name="chevron" size={16} />
        </button>
        <button type="button" onClick={() => props.onOpen('devices')}>
          {t('devices')}
          <Icon name="chevron" size={16} />
        </button>
        <button type="button" onClick={() => props.onOpen('grants')}>
          {t('grants')}
          <Icon name="chevron" size={16} />
        </button>
        <button type="button" onClick={() => void session.signOut()}>
          {t('signOut')}
        </button>
        <button type="button" onClick={() => void session.signOut(true)}>
          {t('signOutAll')}
        </button>
      </div>
    </div>
  )
}

/** Only for owners of developers. */
function DevelopersEntry(): ReactNode {
  const t = useText('portal')
  const { data } = useOwnDevelopers()
  if (!data?.list.length) return null
  return (
    <a href="/developer">
      {t('ownDevelopers')}
      <Icon name="chevron" size={16} />
    </a>
  )
}

/** Only where the corp has official accounts. */
function LinksEntry(props: { onOpen(): void }): ReactNode {
  const t = useText('portal')
  const { data } = useOwnLinks()
  if (!data?.list.length) return null
  return (
    <button type="button" onClick={props.onOpen}>
      {t('links')}
      <Icon name="chevron" size={16} />
    </button>
  )
}

/** Only where somebody from outside WeCom may be this person, or one whom they sponsor became a member. */
function ExternalEntry(props: { onOpen(): void }): ReactNode {
  const t = useText('portal')
  const { data } = useOwnExternal()
  if (!data || data.mine.length + data.sponsored.length === 0) return null
  return (
    <button type="button" onClick={props.onOpen}>
      {t('external')}
      <Icon name="chevron" size={16} />
    </button>
  )
}

/** Only where an app allows it, or somebody has delegated something. */
function DelegationsEntry(props: { onOpen(): void }): ReactNode {
  const t = useText('portal')
  const { data } = useMyDelegations()
  if (!data || !(data.isPossible || data.list.length > 0)) return null
  return (
    <button type="button" onClick={props.onOpen}>
      {t('delegations')}
      <Icon name="chevron" size={16} />
    </button>
  )
}

function Avatar({ profile }: { profile: Profile | undefined }): ReactNode {
  if (profile?.avatarUrl) return <img className="wb-avatar" src={profile.avatarUrl} alt="" />
  return (
    <span className="wb-avatar wb-avatar-none">
      <Icon name="person" size={28} />
    </span>
  )
}

function Facts({ profile }: { profile: Profile | undefined }): ReactNode {
  const t = useText('portal')
  if (!profile) return null
  const facts = [
    [t('userId'), profile.userId],
    [t('departments'), profile.departments.join('、')],
    [t('position'), profile.position],
    [t('mobile'), profile.mobile],
    [t('emailAddress'), profile.email],
  ].filter(([, value]) => value)
  return (
    <dl className="wb-facts">
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}

/** The system super administrator belongs to no corp and chooses the one to look at. */
function Corps(): ReactNode {
  const t = useText('portal')
  const { canChooseCorp, corps, corpId, chooseCorp } = useSession()
  if (!canChooseCorp || corps.length < 2) return null
  return (
    <label className="wb-choice">
      <span>{t('chooseCorp')}</span>
      <select value={corpId} onChange={event => chooseCorp(event.target.value)}>
        {corps.map(corp => (
          <option key={corp.corpId} value={corp.corpId}>
            {corp.name}
          </option>
        ))}
      </select>
    </label>
  )
}

function Choices(): ReactNode {
  const t = useText('portal')
  const language = useLanguage()
  const theme = useThemeChoice()
  return (
    <>
      <fieldset className="wb-choice">
        <legend>{t('language')}</legend>
        {languages.map(({ value, name }) => (
          <label key={value} lang={value === 'zh' ? 'zh-CN' : 'en'}>
            <input
              type="radio"
              name="language"
              checked={language === value}
              onChange={() => void changeLanguage(value)}
            />
            {name}
          </label>
        ))}
      </fieldset>
      <fieldset className="wb-choice">
        <legend>{t('theme')}</legend>
        {themes.map(value => (
          <label key={value}>
            <input
              type="radio"
              name="theme"
              checked={theme === value}
              onChange={() => setThemeChoice(value)}
            />
            {t(value)}
          </label>
        ))}
      </fieldset>
    </>
  )
}
