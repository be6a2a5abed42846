import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { type Answer, api } from '../../ui/data/api.ts'
import { hasPasskeys, signByPasskey } from '../../ui/data/passkeys.ts'
import { readStored, writeChoice } from '../../ui/storage/stored.ts'
import { useText } from '../../ui/text.ts'
import { Icon } from '../../workbench/icons.tsx'
import { Failed } from '../../workbench/states.tsx'
import type { Need } from '../need.ts'
import { Notice } from '../notice.tsx'
import { Waiting } from '../waiting.tsx'
import { MailEntrance } from './mail-entrance.tsx'
import { PasskeyButton } from './passkey-button.tsx'
import { PasswordEntrance } from './password-entrance.tsx'
import { SmsEntrance } from './sms-entrance.tsx'
import { WecomEntrance } from './wecom-entrance.tsx'

type Options = Answer<'/web/sign-in/options'>
type Corps = Options['corps']
type Way = Corps[number]['ways'][number] | 'mail' | 'password'

type Props = {
  need: Need
  /** Members confirm in their own corp; '' for the local account, who has none. */
  only?: string | undefined
  /** Why the person has just been refused, which is shown above; undefined when they were not. */
  refusedFor: string | undefined
  onSignedIn(password: string): void
}

/** The ways of a corp in its order; the first one is open, the others are buttons below it. */
export function Entrances(props: Props): ReactNode {
  const { data, error, refetch } = useQuery({
    queryKey: ['/web/sign-in/options'],
    queryFn: () => api.get('/web/sign-in/options'),
  })
  if (error) return <Failed error={error} retry={() => void refetch()} />
  if (!data) return <Waiting />
  return <Ways {...props} options={data} />
}

const lastCorp = 'wisp.sign-in-corp'
/** What an invitation names, so that people from outside WeCom need not choose: `corp`, and the way `sms` or `mail`. */
const invited = new URLSearchParams(location.search)

function Ways(props: Props & { options: Options }): ReactNode {
  const t = useText('sign-in')
  const { only, options } = props
  const [chosen, setChosen] = useState(() => invited.get('corp') ?? readStored(lastCorp))
  const [opened, setOpened] = useState(invited.get('way') ?? undefined)
  const corps = options.corps.filter(corp => corp.wecom && (only === undefined || corp.corpId === only))
  const corp = corps.find(one => one.corpId === chosen) ?? corps[0]
  const isAway = props.refusedFor === 'upstream'
  const isClosed = Boolean(corp?.closed)
  const ways = waysOf(corp, props, options.passkeys)
  // Nobody of a corp that is suspended is shown a way that leads back here.
  const first = isClosed ? undefined : (ways[0] ?? 'password')
  const open = ways.find(way => way === opened) ?? first
  const others = ways.filter(one => one !== open)
  return (
    <>
      {corp || only !== undefined || props.refusedFor === 'suspended' ? null : (
        <Notice kind="info" title={t(options.corps.length === 0 ? 'noCorp' : 'noAgent')} />
      )}
      {corp?.closed && props.refusedFor !== 'suspended' ? <Notice kind="bad" title={corp.closed} /> : null}
      {!isClosed && (corp?.isAway || isAway) ? <Notice kind="info" title={t('wecomAway')} /> : null}
      <CorpChoice
        corps={corps}
        corpId={corp?.corpId}
        onChange={corpId => {
          setChosen(corpId)
          setOpened(undefined)
          writeChoice(lastCorp, corpId)
        }}
      />
      {open ? <Opened {...props} key={`${corp?.corpId} ${open}`} way={open} corpId={corp?.corpId} /> : null}
      {open && others.length > 0 ? <div className="sign-in-or">{t('or')}</div> : null}
      {others.map(way => (
        <Other key={way} {...props} way={way} onOpen={() => setOpened(way)} />
      ))}
    </>
  )
}

/** The password is for the one account that has one, so it is the last. */
function waysOf(corp: Corps[number] | undefined, { only, refusedFor }: Props, passkeys: boolean): Way[] {
  if (corp?.closed) return only ? [] : ['password']
  const possible = (corp?.ways ?? []).filter(one => one !== 'passkey' || (passkeys && hasPasskeys()))
  const ofCorp =
    refusedFor === 'upstream'
      ? [...possible.filter(one => one !== 'wecom'), ...possible.filter(one => one === 'wecom')]
      : possible
  const others: Way[] = corp?.mailLink ? [...ofCorp, 'mail'] : ofCorp
  return only ? others : [...others, 'password']
}

function CorpChoice(props: {
  corps: Corps
  corpId: string | undefined
  onChange(corpId: string): void
}): ReactNode {
  const t = useText('sign-in')
  if (props.corps.length < 2) return null
  return (
    <select
      className="sign-in-corp"
      aria-label={t('chooseCorp')}
      value={props.corpId}
      onChange={event => props.onChange(event.target.value)}
    >
      {props.corps.map(one => (
        <option key={one.corpId} value={one.corpId}>
          {one.name || one.corpId}
        </option>
      ))}
    </select>
  )
}

async function signInByPasskey(onSignedIn: (password: string) => void): Promise<void> {
  await api.post('/web/sign-in/passkey', await signByPasskey(await api.post('/web/sign-in/passkey/begin')))
  onSignedIn('')
}

function Opened(props: Props & { way: Way; corpId: string | undefined }): ReactNode {
  const { way, corpId = '', need, onSignedIn } = props
  if (way === 'wecom') return <WecomEntrance corpId={corpId} need={need} />
  if (way === 'sms') return <SmsEntrance corpId={corpId} onSignedIn={() => onSignedIn('')} />
  if (way === 'mail') return <MailEntrance corpId={corpId} to={need.to} />
  if (way === 'passkey') return <PasskeyButton isFirst use={() => signInByPasskey(onSignedIn)} />
  return (
    <PasswordEntrance
      hasMembers={props.only === undefined && corpId !== ''}
      onSignedIn={onSignedIn}
      byPasskey={() => signInByPasskey(onSignedIn)}
    />
  )
}

const wordOf = { wecom: 'withWecom', sms: 'withSms', mail: 'withMail', password: 'admin' } as const

function Other(props: Props & { way: Way; onOpen(): void }): ReactNode {
  const t = useText('sign-in')
  const { way, onSignedIn } = props
  if (way === 'passkey') return <PasskeyButton isFirst={false} use={() => signInByPasskey(onSignedIn)} />
  return (
    <button type="button" className="wb-button sign-in-go" onClick={props.onOpen}>
      {way === 'password' ? null : <Icon name={way === 'sms' ? 'phone' : 'message'} />}
      {t(wordOf[way])}
    </button>
  )
}
