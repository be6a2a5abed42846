import { Select, Tag } from 'antd'
import { createContext, type ReactNode, use, useEffect } from 'react'
import type { AbilityName } from '../../../server/features/official/accounts/abilities.ts'
import { PageLink } from '../../ui/address/page-link.tsx'
import { useUrlState } from '../../ui/address/url-state.ts'
import type { Row } from '../../ui/data/api.ts'
import { level } from '../../ui/data/level.ts'
import { useRead } from '../../ui/data/read.ts'
import { useSession } from '../../ui/data/session.tsx'
import { EmptyState, ErrorState, Loading } from '../../ui/feedback.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { useText } from '../../ui/text.ts'
import { BesideTitle } from '../beside-title.tsx'
import { accountAddress } from '../object-addresses.ts'
import { keepAccount, keptAccount } from './kept-account.ts'

export type Account = Row<'/web/official/accounts'>

const CurrentAccount = createContext<Account | undefined>(undefined)

/** The account of the page, below `AccountPage`. */
export function useAccount(): Account {
  const account = use(CurrentAccount)
  if (!account) throw new Error('this is no page of an official account')
  return account
}

/**
 * A page about one official account: head with its picker, and below what `children` makes of the account. The account is
 * `account` in the address, or else the one that was chosen last, or the first. Until there is one, the page says what to do; and when its kind does not allow
 * what the page is about (`needs`), it says why and shows nothing else.
 */
export function AccountPage(props: {
  title: ReactNode
  hint?: ReactNode
  needs?: AbilityName
  actions?(account: Account): ReactNode
  children(account: Account): ReactNode
}): ReactNode {
  const read = useRead('/web/official/accounts')
  const [values] = useUrlState()
  const { corpId } = useSession()
  const asked = values['account']
  useEffect(() => {
    if (asked) keepAccount(corpId, asked)
  }, [corpId, asked])
  if (read.error && !read.data) return <ErrorState error={read.error} retry={() => void read.refetch()} />
  if (!read.data) return <Loading height={400} />
  const { list } = read.data
  const of = (id: string | undefined) => list.find(one => one.originalId === id)
  const account = of(values['account']) ?? of(keptAccount(corpId)) ?? list[0]
  if (!account)
    return (
      <>
        <PageTitle title={props.title} hint={props.hint} />
        <NoAccount />
      </>
    )
  const why = props.needs ? whyNot(account, props.needs) : undefined
  return (
    <>
      <BesideTitle>
        <AccountPicker accounts={list} account={account} />
      </BesideTitle>
      <PageTitle title={props.title} hint={props.hint} actions={why ? null : props.actions?.(account)} />
      {why ? (
        <EmptyState title={why} hint={<AllowedHint account={account} />} />
      ) : (
        // The key discards everything that was typed for another account.
        <div key={account.originalId}>
          <CurrentAccount value={account}>{props.children(account)}</CurrentAccount>
        </div>
      )}
    </>
  )
}

/** Why the account may not do it, for people; undefined when it may. */
export function whyNot(account: Account, ability: AbilityName): string | undefined {
  return account.abilities.find(one => one.name === ability)?.why || undefined
}

function AccountPicker(props: { accounts: readonly Account[]; account: Account }): ReactNode {
  const t = useText('official')
  const [, set] = useUrlState()
  const { accounts, account } = props
  if (accounts.length === 1) return <AccountName account={account} />
  return (
    <Select
      aria-label={t('account')}
      style={{ minWidth: 200, maxWidth: '100%' }}
      popupMatchSelectWidth={false}
      value={account.originalId}
      options={accounts.map(one => ({ value: one.originalId, label: one.name, account: one }))}
      optionRender={({ data }) => <AccountName account={data.account} />}
      // What the address says of the page, such as an open drawer or a filter, belongs to the former account.
      onChange={chosen => set({ ...others(new URLSearchParams(location.search)), account: chosen })}
    />
  )
}

function others(search: URLSearchParams): Record<string, undefined> {
  return Object.fromEntries([...search.keys()].map(name => [name, undefined]))
}

export function AccountName({ account }: { account: Account }): ReactNode {
  const t = useText('official')
  return (
    <span style={{ display: 'inline-flex', alignItems: 'center', gap: 8 }}>
      {account.name}
      <Tag style={{ margin: 0 }}>{t(account.kind)}</Tag>
      {account.enabled ? null : <Tag style={{ margin: 0 }}>{t('disabled')}</Tag>}
    </span>
  )
}

function NoAccount(): ReactNode {
  const t = useText('official')
  const { person } = useSession()
  if (person.roleLevel === level.graded)
    return <EmptyState title={t('noneGiven')} hint={t('noneGivenHint')} />
  return (
    <EmptyState
      title={t('none')}
      hint={t('noneHint')}
      action={<PageLink to="/console/official">{t('toAccounts')}</PageLink>}
    />
  )
}

function AllowedHint({ account }: { account: Account }): ReactNode {
  const t = useText('official')
  return (
    <PageLink to={accountAddress(account.originalId)} search={{ tab: 'abilities' }}>
      {t('seeAbilities')}
    </PageLink>
  )
}
