# Railway builds from a repository to read railway.json, and takes no cache mounts without an id of its own: so it builds this.
FROM ghcr.io/your-organization/blockbot:1.2.3
