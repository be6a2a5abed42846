import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect } from 'react'
import { type Answer, api, setCredentials } from '../ui/data/api.ts'
import { setPageZone } from '../ui/values/zone.ts'

export type Payer = Answer<'/web/pay/payer'>
export type Bill = Answer<'/web/pay/bills'>['list'][number]
export type WholeBill = Answer<'/web/pay/bill'>
export type OrderState = Answer<'/web/pay/order-state'>

/** Whose bills these are. What follows carries the session's token, where there is a session. */
export function usePayer() {
  return useQuery({
    queryKey: ['/web/pay/payer'],
    queryFn: async ({ signal }) => {
      const payer = await api.get('/web/pay/payer', {}, signal)
      setCredentials({ csrf: payer.csrf, corpId: '' })
      setPageZone(payer.timeZone)
      return payer
    },
    staleTime: Number.POSITIVE_INFINITY,
  })
}

export function useOpenBills() {
  return useQuery({
    queryKey: ['/web/pay/bills'],
    queryFn: ({ signal }) => api.get('/web/pay/bills', {}, signal),
  })
}

export function useHistory() {
  return useInfiniteQuery({
    queryKey: ['/web/pay/history'],
    queryFn: ({ pageParam, signal }) => api.get('/web/pay/history', { pageNo: pageParam }, signal),
    initialPageParam: 1,
    getNextPageParam: (last, pages) => {
      const shown = pages.reduce((sum, page) => sum + page.list.length, 0)
      return last.list.length > 0 && shown < last.total ? pages.length + 1 : undefined
    },
  })
}

export function useBill(id: number) {
  return useQuery({
    queryKey: ['/web/pay/bill', id],
    queryFn: ({ signal }) => api.get('/web/pay/bill', { id }, signal),
  })
}

/** Bills that are shown count as seen. */
export function useSeen(bills: readonly Bill[] | undefined): void {
  const { mutate } = useMutation({
    mutationFn: (billIds: number[]) => api.post('/web/pay/seen', { billIds }),
  })
  useEffect(() => {
    const seen = (bills ?? []).filter(bill => bill.isNew).map(bill => bill.id)
    if (seen.length > 0) mutate(seen)
  }, [bills, mutate])
}

const pollMs = 2000

/** Asked again every two seconds while the page is visible, as long as `isWaiting` and nothing is decided. */
export function useOrderState(
  of: { orderId?: number | undefined; billId?: number | undefined },
  isWaiting: boolean,
) {
  return useQuery({
    queryKey: ['/web/pay/order-state', of],
    queryFn: ({ signal }) => api.get('/web/pay/order-state', of, signal),
    refetchInterval: ({ state: { data } }) =>
      isWaiting && (!data || data.state === 'open') ? pollMs : false,
    staleTime: 0,
  })
}

/** Reads everything again that a payment changes. */
export function useForget(): () => void {
  const client = useQueryClient()
  return useCallback(() => {
    for (const path of ['/web/pay/bills', '/web/pay/history', '/web/pay/bill'])
      void client.invalidateQueries({ queryKey: [path] })
  }, [client])
}
