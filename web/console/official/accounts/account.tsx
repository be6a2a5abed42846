import { type ReactNode, useEffect } from 'react'
import { usePathPart } from '../../../ui/address/url-state.ts'
import type { Row } from '../../../ui/data/api.ts'
import { level } from '../../../ui/data/level.ts'
import { useRead } from '../../../ui/data/read.ts'
import { useSession } from '../../../ui/data/session.tsx'
import { later } from '../../../ui/fields/later.tsx'
import { ObjectPage, type ShownObject, UnknownObject } from '../../../ui/objects/object-page.tsx'
import { Parts } from '../../../ui/objects/parts.tsx'
import { useText } from '../../../ui/text.ts'
import { State } from '../../../ui/values/state.tsx'
import { accountAddress } from '../../object-addresses.ts'
import type { TabOf } from '../../object-tabs.ts'
import { keepAccount } from '../kept-account.ts'
import { AccountIcon } from './account-icon.tsx'
import { Connect } from './connect.tsx'

const AccountSettings = later(async () => (await import('./settings.tsx')).AccountSettings)
const Abilities = later(async () => (await import('./abilities.tsx')).Abilities)
const AbilitiesOf = later(async () => (await import('./abilities.tsx')).AbilitiesOf)

/** What both answers say. */
type Account = Pick<
  Row<'/web/official/accounts'>,
  'originalId' | 'name' | 'iconHash' | 'enabled' | 'kind' | 'verified'
>

/** One account: how it is connected and whether that works, its settings, and what it may call. */
export function Page(): ReactNode {
  const originalId = usePathPart('id')
  const { person, corpId } = useSession()
  // Whoever goes on to a page about an account means this one.
  useEffect(() => keepAccount(corpId, originalId), [corpId, originalId])
  return person.roleLevel === level.graded ? (
    <GivenAccount key={originalId} originalId={originalId} />
  ) : (
    <WholeAccount key={originalId} originalId={originalId} />
  )
}

function WholeAccount({ originalId }: { originalId: string }): ReactNode {
  const t = useText('official')
  const common = useCommon(originalId)
  const read = useRead('/web/official/account', { originalId })
  return (
    <ObjectPage
      {...common.page}
      read={read}
      show={account => ({
        ...common.head(account),
        tabs: [
          {
            key: 'connect',
            title: t('tabConnect'),
            children: (
              <Parts
                parts={[
                  { key: 'connect', title: t('tabConnect'), children: <Connect account={account} /> },
                  {
                    key: 'abilities',
                    title: t('tabAbilities'),
                    children: <AbilitiesOf originalId={originalId} />,
                  },
                ]}
              />
            ),
          },
          {
            key: 'settings',
            title: t('tabSettings'),
            children: <AccountSettings account={account} reread={() => read.refetch()} />,
          },
        ] satisfies TabOf<'officialAccount'>[],
      })}
    />
  )
}

/** For whom the account was given to, who sees what it may call. */
function GivenAccount({ originalId }: { originalId: string }): ReactNode {
  const t = useText('official')
  const common = useCommon(originalId)
  const read = useRead('/web/official/accounts')
  const account = read.data?.list.find(one => one.originalId === originalId)
  if (read.data && !account) return <UnknownObject {...common.page} />
  return (
    <ObjectPage
      {...common.page}
      read={{ ...read, data: account }}
      show={one => ({
        ...common.head(one),
        tabs: [{ key: 'abilities', title: t('tabAbilities'), children: <Abilities account={one} /> }],
      })}
    />
  )
}

function useCommon(originalId: string) {
  const t = useText('official')
  const console = useText('console')
  return {
    page: {
      address: accountAddress(originalId),
      kind: console('officialAccount'),
      list: { to: '/console/official', title: t('title') },
    },
    head: (account: Account): Omit<ShownObject, 'tabs'> => ({
      name: account.name,
      id: account.originalId,
      icon: <AccountIcon {...account} size={48} />,
      state: (
        <State kind={account.enabled ? 'good' : 'idle'}>{t(account.enabled ? 'enabled' : 'disabled')}</State>
      ),
      facts: (
        <span>
          {t(account.kind)} · {t(account.verified ? 'verified' : 'unverified')}
        </span>
      ),
    }),
  }
}
