import { type ReactNode, useEffect } from 'react'
import { pageBrand } from '../ui/brand.ts'
import { CallError } from '../ui/data/api.ts'
import { ErrorNumber } from '../ui/error-number.tsx'
import { useLanguage } from '../ui/language.ts'
import { usePageName } from '../ui/page-name.ts'
import { changeLanguage, useText } from '../ui/text.ts'
import { BrandMark } from '../workbench/brand-mark.tsx'
import { Icon } from '../workbench/icons.tsx'
import { SiteFooter } from '../workbench/site-footer.tsx'
import { BillPage } from './bill-page.tsx'
import { type Payer, usePayer } from './data.ts'
import { HistoryPage } from './history-page.tsx'
import { OpenBills } from './open-bills.tsx'
import { PayingPage } from './paying/paying-page.tsx'
import { go, goBack, type PayPlace, usePlace } from './place.ts'
import { ReceiptPage } from './receipt/receipt-page.tsx'
import { Failed, Loading, Notice } from './states.tsx'

/** The payer's page: the bills of one person, who opened it by a ticket or is signed in. */
export function PayApp(): ReactNode {
  const t = useText('pay')
  const place = usePlace()
  const { data: payer, error, refetch } = usePayer()
  usePageName(t(place.view), payer?.corpName)
  if (payer)
    return (
      <Frame place={place} payer={payer}>
        <View place={place} payer={payer} />
      </Frame>
    )
  const isUnknown = error instanceof CallError && (error.status === 401 || error.status === 403)
  return (
    <Frame place={place}>
      {isUnknown ? <Entrance place={place} error={error} /> : null}
      {error && !isUnknown ? <Failed error={error} retry={() => void refetch()} /> : null}
      {error ? null : <Loading />}
    </Frame>
  )
}

function View({ place, payer }: { place: PayPlace; payer: Payer }): ReactNode {
  switch (place.view) {
    case 'open':
      return <OpenBills place={place} payer={payer} />
    case 'history':
      return <HistoryPage />
    case 'bill':
      return <BillPage id={place.id} payer={payer} />
    case 'receipt':
      return <ReceiptPage id={place.id} />
    case 'paying':
      return <PayingPage place={place} payer={payer} />
  }
}

function Frame({
  place,
  payer,
  children,
}: {
  place: PayPlace
  payer?: Payer
  children: ReactNode
}): ReactNode {
  const t = useText('pay')
  const language = useLanguage()
  const brand = pageBrand()
  const isTab = place.view === 'open' || place.view === 'history'
  return (
    <div className="pay">
      {isTab && (brand.name || brand.logo) ? (
        <div className="pay-own">
          <BrandMark brand={brand} size={24} />
        </div>
      ) : null}
      <header className="pay-head">
        {isTab ? null : (
          <button type="button" className="wb-plain" aria-label={t('back')} onClick={goBack}>
            <Icon name="back" />
          </button>
        )}
        <div className="wb-grow">
          <h1>{t(place.view)}</h1>
          {payer ? (
            <p className="wb-quiet wb-cut">
              {payer.name} · {payer.corpName}
            </p>
          ) : null}
        </div>
        <button
          type="button"
          className="wb-link pay-language"
          lang={language === 'en' ? 'zh-CN' : 'en'}
          onClick={() => void changeLanguage(language === 'en' ? 'zh' : 'en')}
        >
          {t('otherLanguage')}
        </button>
      </header>
      {isTab && payer ? (
        <nav className="pay-tabs" aria-label={t('tabs')}>
          {(['open', 'history'] as const).map(view => (
            <button
              key={view}
              type="button"
              aria-current={place.view === view ? 'page' : undefined}
              onClick={() => go(view === 'open' ? '/pay/' : '/pay/history', { isReplacing: true })}
            >
              {t(view === 'open' ? 'tabOpen' : 'tabHistory')}
            </button>
          ))}
        </nav>
      ) : null}
      <main className="pay-main">{children}</main>
      <SiteFooter brand={brand} privacy={t('privacy')} />
    </div>
  )
}

/** Nobody is known here: the link was dead, or its time is over. WeCom's own client knows without being asked. */
function Entrance({ place, error }: { place: PayPlace; error: unknown }): ReactNode {
  const t = useText('pay')
  const isDead = place.view === 'open' && place.fault === 'link'
  const isInWecom = /wxwork/i.test(navigator.userAgent)
  useEffect(() => {
    if (isInWecom) signIn()
  }, [isInWecom])
  if (isInWecom) return <Loading />
  return (
    <Notice
      icon="person"
      title={t(isDead ? 'linkDead' : 'unknownPayer')}
      text={
        <>
          {t('openAgain')}
          <ErrorNumber of={error} />
        </>
      }
    >
      <button type="button" className="wb-button wb-primary" onClick={signIn}>
        {t('signIn')}
      </button>
    </Notice>
  )
}

/** Comes back to the same bill, but not to what was said about a link. */
function signIn(): void {
  const here = location.pathname + location.search.replace(/^\?fault=.*/, '')
  location.assign(`/signin?to=${encodeURIComponent(here)}`)
}
