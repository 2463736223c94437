# One image for web, worker, beat and migrate; the argument selects the part.
FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1

# A named volume gets the owner of the directory it is mounted on.
RUN useradd --system --uid 10001 --no-create-home reviewapp \
    && install --directory --owner=10001 --group=10001 --mode=0700 /data

WORKDIR /app
COPY requirements/app.txt requirements/app.txt
RUN pip install --require-hashes --only-binary :all: -r requirements/app.txt

COPY manage.py pyproject.toml ./
COPY reviewapp reviewapp
COPY screening screening
COPY charting charting
COPY templates templates
COPY static static
RUN python -m compileall -q reviewapp screening charting \
    && python manage.py collectstatic --noinput --verbosity 0

ENV REVIEWAPP_DATA=/data
USER 10001:10001
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=10s --start-period=60s --retries=4 \
    CMD ["python", "-m", "reviewapp.launcher.container", "health", "web"]
ENTRYPOINT ["python", "-m", "reviewapp.launcher.container"]
CMD ["web"]
