import { Button } from 'antd'
import type { ReactNode } from 'react'
import { useGo, usePathPart } from '../../ui/address/url-state.ts'
import { useRead } from '../../ui/data/read.ts'
import { useCorpName, useSession } from '../../ui/data/session.tsx'
import { isUnknown, ObjectPage } from '../../ui/objects/object-page.tsx'
import { usePageName } from '../../ui/page-name.ts'
import { useText } from '../../ui/text.ts'
import { corpAddress } from '../object-addresses.ts'
import { CorpFigures } from './corp-figures.tsx'
import { Health, type OneCorp } from './corp-words.tsx'
import './operator-pages.css'
import { later } from '../../ui/fields/later.tsx'
import { Parts } from '../../ui/objects/parts.tsx'
import type { TabOf } from '../object-tabs.ts'
import { WithSecondFactor } from './with-second-factor.tsx'

const QuotasForm = later(async () => (await import('./quotas-form.tsx')).QuotasForm)
const CorpRuns = later(async () => (await import('./corp-tables.tsx')).CorpRuns)
const Administrators = later(async () => (await import('./corp-tables.tsx')).Administrators)
const CorpActs = later(async () => (await import('./corp-acts.tsx')).CorpActs)

/** One corp as the operator sees it, whichever corp the console is about. */
export function Page(): ReactNode {
  const corpId = usePathPart('id')
  // Until there is a corp, whose name the page then has.
  usePageName(useText('console')('operatorCorp'), useCorpName())
  return (
    <WithSecondFactor>
      <CorpView key={corpId} corpId={corpId} />
    </WithSecondFactor>
  )
}

function CorpView({ corpId }: { corpId: string }): ReactNode {
  const t = useText('operator')
  const read = useRead('/web/operator/corp', { of: corpId })
  // A corp that is being deleted is no corp any more; how far that has come is still shown.
  if (read.error && isUnknown(read.error)) return <CorpActs corpId={corpId} />
  return (
    <ObjectPage<OneCorp>
      address={corpAddress(corpId)}
      kind={t('corp')}
      list={{ to: '/console/operator', title: t('title') }}
      read={read}
      show={corp => ({
        name: corp.name,
        id: corp.corpId,
        state: <Health corp={corp} />,
        acts: <OpenCorp corpId={corp.corpId} />,
        tabs: [
          {
            key: 'figures',
            title: t('figures'),
            children: (
              <Parts
                parts={[
                  { key: 'figures', title: t('figures'), children: <CorpFigures corp={corp} /> },
                  {
                    key: 'quotas',
                    title: t('quotas'),
                    children: <QuotasForm corp={corp} reread={() => read.refetch()} />,
                  },
                  { key: 'runs', title: t('runs'), children: <CorpRuns corp={corp} /> },
                  {
                    key: 'administrators',
                    title: t('administrators'),
                    children: <Administrators corp={corp} />,
                  },
                ]}
              />
            ),
          },
          { key: 'acts', title: t('acts'), children: <CorpActs corpId={corp.corpId} /> },
        ] satisfies TabOf<'operatorCorp'>[],
      })}
    />
  )
}

/** Makes the console about this corp. */
function OpenCorp({ corpId }: { corpId: string }): ReactNode {
  const t = useText('operator')
  const { chooseCorp } = useSession()
  const go = useGo()
  const open = () => {
    chooseCorp(corpId)
    go('/console')
  }
  return <Button onClick={open}>{t('toCorp')}</Button>
}
