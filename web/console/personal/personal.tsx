import type { ReactNode } from 'react'
import { UrlDrawer, useOpen } from '../../ui/address/url-drawer.tsx'
import { useUrlState } from '../../ui/address/url-state.ts'
import { later } from '../../ui/fields/later.tsx'
import { Filters, UrlSelect } from '../../ui/list-table.tsx'
import { PageTitle } from '../../ui/page-title.tsx'
import { useText } from '../../ui/text.ts'
import { Register } from './register.tsx'

const Requests = later(async () => (await import('./requests.tsx')).Requests)
const RequestActions = later(async () => (await import('./requests.tsx')).RequestActions)
const Holds = later(async () => (await import('./holds.tsx')).Holds)
const HoldActions = later(async () => (await import('./holds.tsx')).HoldActions)
const Consents = later(async () => (await import('./consents.tsx')).Consents)
const KeptData = later(async () => (await import('./kept-data.tsx')).KeptData)
const AskForm = later(async () => (await import('./ask-form.tsx')).AskForm)

const viewTitles = {
  requests: 'viewRequests',
  holds: 'viewHolds',
  consents: 'viewConsents',
  kept: 'viewKept',
} as const
const titles = { copy: 'askCopy', erase: 'erase', days: 'days', hold: 'holdAdd' } as const
type FormKind = keyof typeof titles
const isAsked = (open: string | undefined): open is FormKind =>
  open !== undefined && Object.hasOwn(titles, open)

/** Personal data of the corp: who gets it, requests, holds, consents, and what is kept. */
export function Page(): ReactNode {
  const t = useText('personal')
  const [{ view }] = useUrlState()
  const { openId, close } = useOpened()
  return (
    <>
      <PageTitle
        title={t(viewTitles[view as keyof typeof viewTitles] ?? 'view')}
        hint={
          <>
            {t('hint')}{' '}
            <a href="/docs/run/personal-data" target="_blank" rel="noreferrer">
              {t('guide')}
            </a>
          </>
        }
        actions={view === 'requests' ? <RequestActions /> : view === 'holds' ? <HoldActions /> : null}
      />
      <Filters>
        <UrlSelect
          name="view"
          label={t('view')}
          width={180}
          options={[
            { value: 'requests', label: t('viewRequests') },
            { value: 'holds', label: t('viewHolds') },
            { value: 'consents', label: t('viewConsents') },
            { value: 'kept', label: t('viewKept') },
          ]}
        />
      </Filters>
      <Shown view={view} />
      <UrlDrawer title={isAsked(openId) ? t(titles[openId]) : ''}>
        {id => (isAsked(id) ? <AskForm kind={id} done={close} /> : null)}
      </UrlDrawer>
    </>
  )
}

function Shown({ view }: { view: string | undefined }): ReactNode {
  switch (view) {
    case 'requests':
      return <Requests />
    case 'holds':
      return <Holds />
    case 'consents':
      return <Consents />
    case 'kept':
      return <KeptData />
    default:
      return <Register />
  }
}

function useOpened() {
  const { close } = useOpen()
  const [{ open }] = useUrlState()
  return { openId: open, close }
}
