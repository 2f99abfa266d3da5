/** Where the API is: one HTTPS host, listed for requests and uploads in the mini-program's settings. */
export const API = 'http://127.0.0.1:8000';
