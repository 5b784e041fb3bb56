/** A secret that came with a name, before anybody has looked whether it is right. */
export interface Guess {
  kind: 'client' | 'person' | 'token'
  name: string
  secret: string
  address: string
}

/** A name and the network from which it is tried. */
export type Place = Pick<Guess, 'kind' | 'name'> & { network: string }
