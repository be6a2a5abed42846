import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type Answer, api } from '../../ui/data/api.ts'

const path = '/web/portal/message-choices'

export type MyChoices = Answer<typeof path>
export type TypeOfPerson = MyChoices['types'][number]
export type QuietHours = NonNullable<MyChoices['quietHours']>
export type TypeChange = Omit<Parameters<typeof api.post<`${typeof path}/type`>>[1], 'type'>

export function useMyChoices() {
  return useQuery({
    queryKey: [path],
    queryFn: ({ signal }) => api.get(path, {}, signal),
    // Types come with messages, which arrive at any time.
    staleTime: 0,
  })
}

function useChange<T>(change: (given: T) => Promise<unknown>, onDone?: () => void) {
  const client = useQueryClient()
  return useMutation({
    mutationFn: change,
    ...(onDone ? { onSuccess: onDone } : {}),
    onSettled: () => client.invalidateQueries({ queryKey: [path] }),
  })
}

export function useTypeChange(type: string) {
  return useChange((change: TypeChange) => api.post(`${path}/type`, { type, ...change }))
}

export function useAllOff() {
  return useChange((isAllOff: boolean) => api.post(`${path}/all`, { isAllOff: isAllOff ? '1' : '0' }))
}

/** Without hours, the person has none of their own any more. */
export function useQuietChange(onDone: () => void) {
  return useChange(
    (quietHours: QuietHours | undefined) => api.post(`${path}/quiet-hours`, quietHours ? { quietHours } : {}),
    onDone,
  )
}
