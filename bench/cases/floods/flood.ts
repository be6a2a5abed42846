/** Of those who flood the server. */
export const connections = 64

/** Floods the server for about `ms`; what it left behind ends with it. */
export type Flood = { name: string; run(ms: number): Promise<string> }
