/** The part of simple-oauth2 that the story uses; the package has no types of its own. */
declare module 'simple-oauth2' {
  export class ClientCredentials {
    constructor(settings: {
      client: { id: string; secret: string }
      auth: { tokenHost: string; tokenPath: string }
      options: { authorizationMethod: 'body' | 'header' }
    })
    getToken(parameters: object): Promise<{ expired(): boolean; token: { access_token: string } }>
  }
}
